"""What stands at `/`: a page for a person, a few lines of JSON for a program."""

from payproof import __version__
from payproof.api.answer import Answer, json_answer, text_answer
from payproof.api.call import Call
from payproof.api.errors import NoSuchPath

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>payproof, a verification server</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect \
width='16' height='16' rx='3' fill='%231f3a5f'/%3E%3Cpath d='M4 8l3 3 5-6' fill='none' stroke='%23fff'/%3E%3C/svg%3E">
<style>
body { font: 1rem/1.6 system-ui, sans-serif; color: #1b2733; background: #fff; max-width: 42rem; margin: 3rem auto;
  padding: 0 1.25rem; }
h1, h2 { line-height: 1.25; color: #1f3a5f; }
h1 { font-size: 2rem; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9375rem; background: #f3f6f9; border-radius: .375rem; }
code { padding: .1rem .3rem; }
pre { padding: 1rem 1.25rem; margin: 0; overflow-x: auto; }
pre code { padding: 0; }
ul { padding-left: 1.25rem; margin: 0; }
li { margin: .5rem 0; }
a { color: #0b57a4; text-underline-offset: .15em; }
:focus-visible { outline: .1875rem solid #0b57a4; outline-offset: .125rem; }
@media (max-width: 40rem) { body { margin: 2rem 0; } }
</style>
</head>
<body>
<main>
<h1>payproof</h1>
<p>This is payproof VERSION, a verification server that speaks the Truv API. It answers programs, not people: you are
looking at the address of an API.</p>
<h2>Ask it something</h2>
<pre tabindex="0"><code>curl BASE/v1/tasks/ \\
  -H 'X-Access-Client-Id: &lt;client id&gt;' \\
  -H 'X-Access-Secret: &lt;secret&gt;'</code></pre>
<h2>What it answers</h2>
<ul>
<li><a href="/docs/">Both documents, to read and to try</a></li>
<li><a href="/openapi.json">The API for clients</a>, under <code>/v1/</code>, as OpenAPI</li>
<li><a href="/bridge/openapi.json">The API of the widget</a>, under <code>/bridge/v1/</code>, as OpenAPI</li>
<li><a href="/readyz">Whether it is ready</a></li>
</ul>
</main>
</body>
</html>
"""


async def welcome_page(call: Call) -> Answer:
    if call.scope["path"] != "/":
        raise NoSuchPath
    if b"text/html" not in call.headers.get(b"accept", b""):
        return json_answer(
            200,
            {
                "name": "payproof",
                "version": __version__,
                "openapi": f"{call.base}/openapi.json",
                "bridge_openapi": f"{call.base}/bridge/openapi.json",
                "docs": f"{call.base}/docs/",
            },
        )
    page = _PAGE.replace("VERSION", __version__).replace("BASE", call.base)
    policy = (b"content-security-policy", b"default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    return text_answer(200, page.encode(), "text/html; charset=utf-8", policy)
