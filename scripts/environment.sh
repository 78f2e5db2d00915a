# shellcheck shell=sh
# Sourced by run and test, which set $root, the project's folder.

# Whether $1 is a command that really starts a Python of at least 3.11 (version managers put names on
# the PATH that only print an error).
is_new_python() {
    "$1" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# environment FILE: make sure that .venv holds what the requirements file asks for, and set $python
# to its interpreter.
environment() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if is_new_python "$candidate"; then
            "$candidate" -I "${root:?}/scripts/environment.py" "$1" || exit
            # shellcheck disable=SC2034  # read by the script that sources this one
            python=$root/.venv/bin/python
            return
        fi
    done
    echo "No Python 3.11 or newer was found on the PATH: install one, then start again." >&2
    exit 1
}
