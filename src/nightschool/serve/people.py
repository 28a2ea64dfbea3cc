"""Who is served: the owner of the home, and further people with a home and a key of their own.

Keys are kept as hashes. Where nobody was added, whoever reaches the port is the owner, unless other
machines reach it: then nobody is let in without a key, though the last one was taken away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from nightschool.config import Config, Home, read_config
from nightschool.errors import UserError

OWNER = "owner"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One person with everything that is theirs."""

    name: str
    home: Home

    @property
    def config(self) -> Config:
        """The settings as they stand now."""
        return read_config(self.home.config_file)


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One line of the list of people."""

    name: str
    home: str
    """Relative to the owner's home, or absolute."""
    key: str
    """SHA-256 of the key."""


class People:
    """The owner and the profiles of one server; the list is read again when it has changed."""

    def __init__(self, owner: Home, *, keyless: bool = True) -> None:
        self.owner = Person(name=OWNER, home=owner)
        self._keyless = keyless
        self._file = owner.path / "profiles.json"
        self._state: tuple[int, int] | None = None
        self._profiles: tuple[Profile, ...] = ()

    def of(self, key: str | None) -> Person | None:
        """Return the person whose key it is; the owner where nobody needs one; None for a wrong key."""
        profiles = self.profiles()
        if not profiles and self._keyless:
            return self.owner
        given = _hash(key or "")
        found = [profile for profile in profiles if hmac.compare_digest(profile.key, given)]
        return self._person(found[0]) if found else None

    def everyone(self) -> tuple[Person, ...]:
        """Return the owner and all who were added."""
        others = [self._person(profile) for profile in self.profiles() if profile.name != OWNER]
        return (self.owner, *others)

    def profiles(self) -> tuple[Profile, ...]:
        """Return the list as it stands in the file."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return ()
        state = (found.st_mtime_ns, found.st_size)
        if state != self._state:
            try:
                self._profiles = tuple(Profile(**line) for line in json.loads(self._file.read_text(encoding="utf-8")))
            except (ValueError, TypeError) as error:
                raise UserError(
                    f"{str(self._file)!r} is damaged: {error}",
                    hint="Restore it from a backup; nobody is let in until then",
                ) from error
            self._state = state
        return self._profiles

    def add(self, name: str) -> str:
        """Make a home and a key for somebody and return the key, which is kept nowhere.

        With the first one the owner gets a key too, because from then on nobody is let in without:
        name it by adding `owner`.
        """
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name):
            raise UserError(f"{name!r} is no name for a profile", hint="Use up to 32 small letters, digits and `-`")
        if any(profile.name == name for profile in self.profiles()):
            raise UserError(f"There is a profile {name!r} already", hint=f"`nightschool profiles remove {name}`")
        home = Path("." if name == OWNER else f"profiles/{name}")
        Home((self.owner.home.path / home).resolve()).create()
        key = f"ns-{secrets.token_urlsafe(24)}"
        self._write((*self.profiles(), Profile(name=name, home=str(home), key=_hash(key))))
        return key

    def remove(self, name: str) -> Path:
        """Take somebody's key away and return the home, which stays as it is."""
        found = [profile for profile in self.profiles() if profile.name == name]
        if not found:
            raise UserError(f"There is no profile {name!r}", hint="`nightschool profiles list` shows them")
        self._write(tuple(profile for profile in self.profiles() if profile.name != name))
        return self._person(found[0]).home.path

    def _person(self, profile: Profile) -> Person:
        return Person(name=profile.name, home=Home((self.owner.home.path / profile.home).resolve()))

    def _write(self, profiles: tuple[Profile, ...]) -> None:
        partial = self._file.with_suffix(".partial")
        lines = [{"name": each.name, "home": each.home, "key": each.key} for each in profiles]
        handle = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(lines, file, indent=1)
        os.replace(partial, self._file)
        self._state = None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
