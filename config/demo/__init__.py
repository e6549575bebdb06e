"""The demo: 株式会社ハルカゼクラウド and its customers, the same from the same seed.

`world` invents companies and people, `stories` tells the accounts that a tour visits, `lives` turns
a temperament into dated facts, `load` writes them in bulk, `history` lets the product itself
compute two years of scores and playbook runs from them. Everybody is fictional.
"""
