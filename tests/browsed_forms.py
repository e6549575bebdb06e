"""A form of a page as a browser fills it and sends it, when nobody touches anything."""

from html.parser import HTMLParser

TYPED_NOWHERE = {"submit", "button", "reset", "image", "file"}


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.textarea = [], None, None, None

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "form":
            self.form = {"method": attrs.get("method", "get").lower(), "sent": [], "shows": False}
            self.form["typed"] = False
            self.form["action"] = attrs.get("action") or ""
            self.forms.append(self.form)
        elif self.form is None or "disabled" in attrs:
            return
        if tag in {"input", "textarea", "select"}:
            kind = attrs.get("type")
            self.form["typed"] |= kind == "file" or kind not in {"hidden", *TYPED_NOWHERE}
        if tag == "input" and attrs.get("name"):
            self._input(attrs)
        elif tag == "textarea":
            self.textarea = [attrs["name"], ""]
        elif tag == "select":
            self.select = {"name": attrs["name"], "many": "multiple" in attrs, "options": []}
        elif tag == "option" and self.select is not None:
            self.select["options"].append((attrs.get("value", ""), "selected" in attrs))

    def _input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in TYPED_NOWHERE or (kind in {"checkbox", "radio"} and "checked" not in attrs):
            return
        self.form["shows"] |= kind != "hidden" and bool(attrs.get("value", "on"))
        value = attrs.get("value", "on" if kind in {"checkbox", "radio"} else "")
        self.form["sent"].append((attrs["name"], value))

    def handle_data(self, data):
        if self.textarea is not None:
            self.textarea[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.textarea is not None:
            name, text = self.textarea
            text = text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
            self.form["shows"] |= bool(text)
            self.form["sent"].append((name, text))
            self.textarea = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, is_chosen in self.select["options"] if is_chosen]
            self.form["shows"] |= any(chosen)
            if not chosen and not self.select["many"]:
                chosen = [value for value, _is_chosen in self.select["options"][:1]]
            self.form["sent"] += [(self.select["name"], value) for value in chosen]
            self.select = None


def forms_of(answer):
    """Return what each form of a page sends, whether it posts, and whether it shows values."""
    reader = _Forms()
    reader.feed(answer.content.decode())
    return reader.forms


def opened(client, address, **headers):
    """Return what the form that carries marks on a page sends untouched, lists as lists."""
    forms = [form for form in forms_of(client.get(address, **headers)) if _marks(form)]
    return sent_by(forms[0])


def shown_again(answer):
    """Return what a form sends that came back with faults."""
    return sent_by(next(form for form in forms_of(answer) if _marks(form)))


def sent_by(form):
    """Return what a form sends, a list for every name."""
    data = {}
    for name, value in form["sent"]:
        data.setdefault(name, []).append(value)
    return data


def _marks(form):
    return form["method"] == "post" and any(name == "opened_with" for name, _v in form["sent"])
