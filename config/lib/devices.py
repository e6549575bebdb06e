"""Which browser on which system a User-Agent line speaks of, in two words for a list of devices."""

#: In this order: an Edge calls itself a Chrome, and a Chrome a Safari.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """Return «Chrome, Windows»; the line itself, cut, where neither is known."""
    known = [
        next((word for mark, word in words.items() if mark in user_agent), "")
        for words in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in known if word) or user_agent[:60]
