"""What `payproof dev` prints: keys, addresses, and a first task to be pasted into any shell."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from payproof import __version__
from payproof.cli.option import DATA
from payproof.cli.remembered import Remembered

if TYPE_CHECKING:
    from payproof.app import Impersonation
    from payproof.config import Settings

_PAGE = """\
payproof {version} is ready.

  API         {left.url}/v1/
  Client id   {left.client_id}
  Secret      {left.secret}
  Data        {data}
  In force    {in_force}

A first task with curl; paste all of it into a shell:

{curl}

The same in one line; then with a code texted to the person; then with a file from a bank:

{connect} --provider sandbox_payroll --username goodlogin --password goodpassword
{connect} --provider sandbox_payroll --username goodlogin --password mfa --answer 12345
{connect} --product transactions --file statement.qfx
{posing}
Ctrl+C stops it, and nothing is lost. With --fresh it begins anew."""

_POSING = """
It answers as https://prod.truv.com, https://cdn.truv.com and https://my.truv.com too, on port {posing.port}. \
To send a client here whose base URL cannot be set, add this line to /etc/hosts, and remove it afterwards:

{posing.hosts_line}

and have the client trust {posing.ca}. In its shell, for Python, Go, Ruby and Node.js:

{exports}

With curl: --cacert {posing.ca}. What is still missing is told by: {doctor}
"""
"""Nothing of this is done by us: it is the person's machine."""

_CURL = """\
url={left.url} id='X-Access-Client-Id: {left.client_id}' secret='X-Access-Secret: {left.secret}' \
json='Content-Type: application/json'
user=$(curl -s $url/v1/users/ -H "$id" -H "$secret" -H "$json" \
-d '{{"external_user_id":"first","first_name":"Ada","last_name":"Lee"}}' | cut -d'"' -f4)
token=$(curl -s $url/v1/users/$user/tokens/ -H "$id" -H "$secret" -H "$json" \
-d '{{"product_type":"income"}}' | cut -d'"' -f4)
session=$(curl -s $url/bridge/v1/sessions/ -H "$json" -d "{{\\"bridge_token\\":\\"$token\\"}}" | cut -d'"' -f4)
task=$(curl -s $url/bridge/v1/sessions/$session/attempts/ -H "$json" \
-d '{{"provider_id":"sandbox_payroll","answers":{{"username":"goodlogin","password":"goodpassword"}}}}' | cut -d'"' -f4)
until curl -s $url/bridge/v1/attempts/$task/ -H "Authorization: Bearer $session" | grep '"is_final":true'; \
do sleep 0.2; done
curl -s $url/v1/tasks/$task/ -H "$id" -H "$secret"
public=$(curl -s -X POST $url/bridge/v1/sessions/$session/finish/ | cut -d'"' -f4)
link=$(curl -s $url/v1/link-access-tokens/ -H "$id" -H "$secret" -H "$json" \
-d "{{\\"public_token\\":\\"$public\\"}}" | cut -d'"' -f8)
curl -s $url/v1/links/$link/income/report/ -H "$id" -H "$secret"; echo"""
"""In every answer the value that the next line needs comes at the same place."""


def welcome(left: Remembered, settings: "Settings", posing: "Impersonation | None" = None) -> str:
    """The whole text."""
    from payproof.config import in_force

    data = settings.data
    return _PAGE.format(
        version=__version__,
        left=left,
        data=f"PostgreSQL, with the master key in {data}" if settings.database_url else data,
        in_force=in_force(settings),
        curl=first_task(left),
        posing=_posed(posing, data) if posing else "",
        connect=f"{own_name()} connect{_with_data(data)}",
    )


def _posed(posing: "Impersonation", data: Path) -> str:
    exports = "\n".join(f"export {name}={shlex.quote(path)}" for name, path in posing.environment.items())
    doctor = f"{own_name()} doctor --impersonate{_with_data(data)}"
    return _POSING.format(posing=posing, exports=exports, doctor=doctor)


def _with_data(data: Path) -> str:
    return "" if data == DATA else f" --data {shlex.quote(str(data))}"


def own_name() -> str:
    """How this program was called, so that what is printed can be typed: it may not be on the path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m payproof"
    found = shutil.which(called.name)
    return called.name if found is not None and called.samefile(found) else shlex.quote(str(called))


def first_task(left: Remembered) -> str:
    """From a user to an income report, for any POSIX shell."""
    return _CURL.format(left=left)
