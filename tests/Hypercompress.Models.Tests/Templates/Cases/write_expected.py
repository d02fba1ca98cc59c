"""Writes what Jinja2 makes of the templates in this folder, in the environment of transformers' chat templates.

Run with a Python that has jinja2 (Debian: python3-jinja2): python3 write_expected.py [FOLDER FOR THE RESULTS]
An error is written as null: only that there is one has to agree.
"""
import datetime
import json
import os
import sys

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = sys.argv[1] if len(sys.argv) > 1 else HERE


class Generation(jinja2.ext.Extension):
    """Marks what the model says; its body is called, as in transformers."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def strftime_now(form):
    return datetime.datetime(2001, 2, 5, 13, 4, 9).strftime(form)


def environment():
    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"])
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = strftime_now
    return made


def render(source, variables):
    try:
        return environment().from_string(source).render(**variables)
    except Exception:
        return None


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8", newline="") as file:
        return file.read()


def write(name, value):
    with open(os.path.join(OUT, name), "w", encoding="utf-8", newline="") as file:
        json.dump(value, file, ensure_ascii=False, indent=0)
        file.write("\n")


def features():
    base = {"messages": [], "add_generation_prompt": False, "tools": None, "documents": None}
    variables = {**base, **json.loads(read("context.json"))}
    sources = [line.replace("⏎", "\n").replace("␉", "\t").replace("␍", "\r")
               for line in read("features.txt").split("\n") if line]
    return [render(source, variables) for source in sources]


def conversations():
    results = {}
    for name in sorted(os.listdir(os.path.join(HERE, "Chat"))):
        source = read(os.path.join("Chat", name))
        results[name] = [render(source, each) for each in json.loads(read("conversations.json"))]
    return results


if __name__ == "__main__":
    write("features.json", features())
    write("chat.json", conversations())
