"""What a tool's result says: exit code before words, words before nothing, the flag never."""

import pytest

from nightschool.curate.verdicts.tool_results import outcome
from nightschool.records import Part


def run(command, text, exit_code=None, *, name="bash", is_error=None):
    call = Part(kind="tool_call", name=name, arguments={"command": command} if name == "bash" else {"path": command})
    return outcome(call, Part(kind="tool_result", text=text, exit_code=exit_code, is_error=is_error))


FAILED = [
    ("make", "make: *** No rule to make target 'all'. Stop.", 2),
    ("./deploy.sh", "step 1 ok\nstep 2 FAILED: quota", 0),
    ("python job.py || true", "Traceback (most recent call last):\n  ...\nKeyError: 'x'", 0),
    ("pytest -q", "3 failed, 10 passed in 1.2s", 0),
    ("npm test", "Tests: 1 failed, 4 passed", 1),
    ("cargo build", "error[E0382]: borrow of moved value", 101),
    ("curl -s http://x/api", '{"error": "missing field"}', 0),
    ("git push", "! [rejected] main -> main (non-fast-forward)", 1),
    ("docker run x", "docker: Error response from daemon: no such image", 125),
    ("nosuch", "bash: nosuch: command not found", 127),
    ("cp a b", "cp: cannot stat 'a': No such file or directory", 1),
    ("psql -c 'select x'", 'ERROR:  column "x" does not exist', 0),
    ("apt install foo", "E: Unable to locate package foo", 100),
    ("python x.py", "", 1),
    ("ansible-playbook a.yml | tail -2", "web1 : ok=3 failed=0\nweb2 : ok=1 failed=1", 0),
    ("./load.sh parts.csv", "0 rows imported, 90 skipped", 0),
    ("perl mail.pl", '{"status": "bounced"}', 0),
]
PASSED = [
    ("pytest -q", "14 passed in 0.82s", 0),
    ("pytest -q", "14 passed in 0.82s", None),
    ("go test ./...", "ok  \texample.com/x\t0.01s", 0),
    ("cargo test", "test result: ok. 12 passed; 0 failed; 0 ignored", 0),
    ("npm run build", "compiled successfully in 3 s", 0),
    ("mypy src", "Success: no issues found in 12 source files", 0),
    ("ruff check src", "All checks passed!", 0),
    ("tsc --noEmit", "", 0),
    ("npx eslint src", "0 problems", 0),
    ("mvn verify", "[INFO] BUILD SUCCESS", 0),
    ("python -m unittest", "Ran 5 tests in 0.1s\n\nOK", 0),
    ("nginx -t", "nginx: the configuration file syntax is ok\nnginx: test is successful", 0),
    ("terraform plan -detailed-exitcode", "Plan: 1 to add", 2),
    ("sha512sum -c list.txt", "disk/a.img: OK", 0),
    ("dotnet test", "Passed!  - Failed: 0, Passed: 4", 0),
]
NEITHER = [
    ("grep -rn eval src/", "", 1),
    ("diff a b", "4c4\n< 1\n---\n> 2", 1),
    ("test -f x", "", 1),
    (
        "cat errors.log",
        "2026-01-01 ERROR: disk full\n2026-01-02 ERROR: disk full\n2026-01-03 ERROR again\nline\nline",
        0,
    ),
    ("git log -3", "abc Fix error handling\ndef Handle failed logins\n", 0),
    ("npm run dev", "^C", 130),
    ("systemctl is-active nginx", "inactive", 3),
    ("quarto render a.qmd", "WARNING: font 'Lato' not found\nOutput created: a.html", 0),
    ("terraform apply", "Apply complete! Resources: 0 added, 1 changed, 0 destroyed.", 0),
    ("sleep 100", "interrupted by user", None),
    ("ls", "a.py\nb.py", 0),
    ("sed -i s/a/b/ x", "", 0),
]


@pytest.mark.parametrize(("command", "text", "code"), FAILED)
def test_a_failure_is_seen_whatever_the_exit_code(command, text, code):
    assert run(command, text, code) == "failed"


@pytest.mark.parametrize(("command", "text", "code"), PASSED)
def test_a_check_that_passed_is_seen(command, text, code):
    assert run(command, text, code) == "passed"


@pytest.mark.parametrize(("command", "text", "code"), NEITHER)
def test_information_is_neither(command, text, code):
    assert run(command, text, code) in ("done", "unknown")


@pytest.mark.parametrize(
    ("command", "text", "code", "read"),
    [
        ("mvn -q test", "Tests run: 9, Failures: 0, Errors: 0", 0, "passed"),
        ("black --check .", "4 files would be left unchanged.", 0, "passed"),
        ("rclone sync a b", "Errors: 3 (retrying may help)", 0, "failed"),
        ("npm test | tee log", "bundling", 0, "done"),
        ("lsof -i :90", "", 1, "unknown"),
    ],
)
def test_a_checker_that_ends_with_0_passed_and_counted_errors_failed(command, text, code, read):
    assert run(command, text, code) == read


def test_the_success_flag_is_never_read():
    assert run("ls", "a.py", 0, is_error=True) == "done"
    assert run("make", "boom", 2, is_error=False) == "failed"


def test_a_file_that_was_read_may_speak_of_failures():
    assert run("log.txt", "build FAILED\n" * 50, name="read_file") == "done"
    assert run("log.txt", "ENOENT: no such file or directory", name="read_file") == "failed"
