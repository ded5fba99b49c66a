#!/usr/bin/env python3
"""The way into the project. Needs Python 3.11 or newer with venv, and a package registry; nothing else.

python3 dev.py run [--port N]       set up, load the demonstration once, and serve on http://127.0.0.1:8000
python3 dev.py test [ARGUMENTS]     run every test on SQLite, and on PostgreSQL those that a database matters to;
                                    ARGUMENTS go to pytest
python3 dev.py setup                only set up, with what tests and checks need
python3 dev.py manage COMMAND ...   run a management command
python3 dev.py bench [NAME ...]     run bench/NAME.py on a PostgreSQL of its own; without a name, list them
python3 dev.py pictures             take the handbook's pictures again, from the demonstration
"""

# This file must load on any Python 3.6 and later, to be able to say that the Python is too old:
# no newer syntax, only the standard library, and annotations as strings.

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "dev-stamp.json"
OLDEST = (3, 11)
RUNTIME = ("requirements.txt",)
EVERYTHING = ("requirements.txt", "requirements-dev.txt")
HOST = "127.0.0.1"
# What pip says when it turns to a package: by its name, or by the file it lies in.
PACKAGE_LINE = re.compile(
    r"(?:Collecting |Requirement already satisfied: |Processing (?:\S*/)?)([A-Za-z0-9._]+(?:-[A-Za-z][A-Za-z0-9._]*)*)"
)


class DevError(Exception):
    """Something the developer can mend; the message is one sentence that says what and how."""


def main(arguments):
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        return complain("Python 3.11 or newer is needed, and this is %s: start dev.py with a newer one." % found)
    commands = {"run": run, "test": test, "setup": setup, "manage": manage, "bench": bench, "pictures": pictures}
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    if arguments[0] not in commands:
        return complain("there is no command %r; choose one of %s." % (arguments[0], ", ".join(commands)), code=2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return commands[arguments[0]](arguments[1:])
    except DevError as problem:
        return complain(str(problem))
    except KeyboardInterrupt:
        return complain("stopped.", code=130)


def complain(sentence, code=1):
    sys.stdout.flush()
    print("dev.py: " + sentence, file=sys.stderr)
    return code


def say(text):
    print(text, flush=True)


# ---- the commands -------------------------------------------------------------------------------


def run(arguments):
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args(arguments).port
    check_port(port)
    prepare(RUNTIME)
    environment = demonstration_environment()
    say("Preparing the database (var/sydit.sqlite3)")
    checked(manage_command("migrate", "--noinput", "-v", "0"), environment, "The database could not be prepared")
    say("Loading the demonstration, unless there is data already")
    checked(manage_command("demo"), environment, "The demonstration could not be loaded")
    users = subprocess.run(
        manage_command("demo", "--users"), env=environment, stdout=subprocess.PIPE, universal_newlines=True, check=False
    )
    return serve(port, environment, users.stdout.rstrip())


def setup(arguments):
    if arguments:
        raise DevError("setup takes no arguments, and got %s." % " ".join(arguments))
    prepare(EVERYTHING)
    say("Everything is set up in .venv")
    return 0


def manage(arguments):
    prepare(RUNTIME)
    return call(manage_command(*arguments), development_environment())


def test(arguments):
    prepare(EVERYTHING)
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return call([str(PYTHON), "-m", "tests.run", *arguments], environment, cwd=str(ROOT))


def bench(arguments):
    names = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))
    if not arguments:
        say("Measurements: " + ", ".join(names) if names else "There is no measurement in bench/ yet.")
        return 0
    if arguments[0] not in names:
        raise DevError("there is no bench/%s.py; there is: %s." % (arguments[0], ", ".join(names) or "none yet"))
    prepare(EVERYTHING)
    script = [str(PYTHON), str(ROOT / "bench" / (arguments[0] + ".py")), *arguments[1:]]
    return call([str(PYTHON), "-m", "tests.postgres", *script], development_environment(), cwd=str(ROOT))


def pictures(arguments):
    if arguments:
        raise DevError("pictures takes no arguments, and got %s." % " ".join(arguments))
    prepare(EVERYTHING)
    return call([str(PYTHON), str(ROOT / "docs" / "pictures.py")], development_environment(), cwd=str(ROOT))


# ---- the virtual environment --------------------------------------------------------------------


def prepare(files):
    """Make .venv hold what the requirement files name; takes no time when it does already.

    The stamp is the last thing written and the first thing removed, so an environment without one
    was left half-made and is built anew.
    """
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
    python = "%s in %s" % (sys.version, sys.base_prefix)
    stamp = read_stamp()
    if stamp.get("python") != python or not PYTHON.exists():
        create_venv()
        stamp = {"python": python}
    if all(stamp.get(name) == digest for name, digest in wanted.items()):
        return
    with contextlib.suppress(OSError):
        STAMP.unlink()
    install(files)
    STAMP.write_text(json.dumps(dict(stamp, **wanted), indent=1), encoding="utf-8")


def read_stamp():
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def create_venv():
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise DevError(
            "this Python lacks the module %s; install it (on Debian and Ubuntu: apt install python3-venv) "
            "and start again." % " and ".join(missing)
        )
    say(("Repairing" if VENV.exists() else "Creating") + " the virtual environment .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    if made.returncode:
        raise DevError("the virtual environment could not be made: " + last_line(made.stdout))


def install(files):
    """Install the requirement files, telling each package as it comes; raises DevError with the cause."""
    total = len({name for file in files for name in pinned(ROOT / file)})
    say("Installing %d packages with checked hashes (a minute or two the first time)" % total)
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--progress-bar", "off", "--disable-pip-version-check"]
    for file in files:
        command += ["-r", str(ROOT / file)]
    environment = dict(os.environ, PIP_USER="0", PYTHONUNBUFFERED="1", LC_ALL="C.UTF-8")
    pip = subprocess.Popen(
        command,
        env=environment,
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        output = follow(pip.stdout, total)
        pip.wait()
    finally:
        end(pip)
    if pip.returncode:
        raise DevError(why_pip_failed(output))


def follow(lines, total):
    """Turn pip's output into a line per package (one line that changes, on a terminal); return the output."""
    output, seen = [], set()
    live = sys.stdout.isatty()
    for line in lines:
        output.append(line)
        found = PACKAGE_LINE.match(line)
        name = found.group(1).lower().replace("_", "-") if found else None
        if name and name not in seen:
            seen.add(name)
            text = "  %d/%d %s" % (len(seen), total, name)
            print("\r" + text.ljust(60) if live else text, end="" if live else "\n", flush=True)
        elif line.startswith("Installing collected packages"):
            say(("\n" if live else "") + "  putting them in place")
        elif "Retrying" in line:
            say(("\n" if live else "") + "  no answer from the package registry, trying again")
    if live and seen:
        print()
    return "".join(output)


def pinned(path):
    return re.findall(r"^([A-Za-z0-9._-]+)==", path.read_text(encoding="utf-8"), re.MULTILINE)


def why_pip_failed(output):
    if "DO NOT MATCH THE HASHES" in output:
        return "a downloaded package does not match its hash in the requirements: nothing was installed from it."
    if "No space left" in output:
        return "the disk is full: make room and start again."
    unreachable = r"Retrying|Could not fetch URL|connection error|timed out|ConnectionError|name resolution|Max retries"
    if re.search(unreachable, output):
        return "the package registry could not be reached: check the network and pip's settings, then start again."
    if "No matching distribution" in output:
        return "the package registry lacks a package for this Python and machine: " + last_line(output)
    return "the packages could not be installed; pip said: " + last_line(output)


def last_line(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["nothing"])[-1]


# ---- serving ------------------------------------------------------------------------------------


def check_port(port):
    """Bind the port for a moment: better told now than after the long steps."""
    if not 0 < port < 65536:
        raise DevError("%d is no port: choose one from 1 to 65535." % port)
    with socket.socket() as probe:
        if os.name == "posix":  # as the server does: a port that a server just left is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise DevError("port %d needs administrator rights: choose another with --port 8001." % port) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise DevError(
                "port %d is taken by another program: stop that, or choose another with --port %d." % (port, other)
            ) from None


def development_environment():
    """What management commands and measurements see; what the developer has set stands."""
    (ROOT / "var").mkdir(exist_ok=True)
    environment = dict(os.environ, DJANGO_SETTINGS_MODULE="sydit.settings", PYTHONPATH=str(ROOT))
    if "SECRET_KEY" not in environment:
        environment.setdefault("DEBUG", "true")
    return environment


def demonstration_environment():
    """What the demonstration sees: never another database than the embedded one, whatever is set outside.

    As in production it shows a user its own pages where something goes wrong, not the developer's.
    """
    environment = dict(
        development_environment(),
        DEBUG="false",
        SERVE_FROM_SOURCE="true",
        HTTPS="false",
        ALLOWED_HOSTS=HOST + ",localhost",
        SECRET_KEY=secret_key(),
    )
    environment.pop("DATABASE_URL", None)
    return environment


def secret_key():
    """This machine's own key, made once: sessions outlive a restart, and nothing secret is committed."""
    kept = ROOT / "var" / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


def serve(port, environment, users):
    server = subprocess.Popen(manage_command("runserver", "%s:%d" % (HOST, port)), env=environment)
    try:
        wait_until_answering(server, port)
        say("\nSYD-IT budget follow-up is running: http://%s:%d/" % (HOST, port))
        say("%s\nStop with Ctrl-C.\n" % users)
        server.wait()
    except KeyboardInterrupt:
        end(server)
        say("\nStopped.")
        return 0
    finally:
        end(server)
    return server.returncode


def wait_until_answering(server, port):
    while server.poll() is None:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise DevError("the server stopped before it answered (exit code %d); the reason stands above." % server.returncode)


# ---- child processes ----------------------------------------------------------------------------


def manage_command(*arguments):
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]


def call(command, environment, cwd=None):
    child = subprocess.Popen(command, env=environment, cwd=cwd)
    try:
        return child.wait()
    finally:
        end(child)


def checked(command, environment, failure):
    code = call(command, environment)
    if code:
        raise DevError("%s (exit code %d); the reason stands above." % (failure, code))


def end(child):
    """Let a child that is still there finish (Ctrl-C reached it too), then ask it to, then make it."""
    for insist, seconds in ((None, 3), (child.terminate, 30), (child.kill, 3)):
        if child.poll() is not None:
            return
        if insist:
            insist()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
