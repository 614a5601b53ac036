"""Log-ins of cameras: from the environment, from a file that only its owner may read, from the key ring. Never from an
address, never into the store."""
from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message
from app.video.address import Address

FILE_NAME: Final = "camera-logins"
ENV_FILE: Final = "LIANDONG_CAMERA_LOGINS"
ENV_USER: Final = "LIANDONG_CAMERA_USER"
ENV_PASSWORD: Final = "LIANDONG_CAMERA_PASSWORD"
KEEP_S: Final = 30.0

Login = tuple[str, str]
FindLogin = Callable[[Address], Login | None]


def nobody(_address: Address) -> Login | None:
    """No log-in for any camera."""
    return None


class Logins:
    """Finds the log-in of a camera, in this order:

    1. the file `camera-logins` of the data folder (or the one that LIANDONG_CAMERA_LOGINS names): one line for each
       host, ``host[:port] user password``; ``*`` stands for all others; mode 0600;
    2. the key ring, service ``liandong:camera:HOST``;
    3. LIANDONG_CAMERA_USER and LIANDONG_CAMERA_PASSWORD, for all cameras.
    """

    def __init__(self, folder: Path | None = None) -> None:
        named = os.environ.get(ENV_FILE)
        self._path = Path(named) if named else folder / FILE_NAME if folder is not None else None
        self._ring: dict[tuple[str, str], tuple[float, Login | None]] = {}

    def __call__(self, address: Address) -> Login | None:
        """The log-in for an address, None where there is none. Raises `KnownFault` for a file that others may read."""
        if not address.host:
            return None
        return self._from_file(address) or self._from_ring(address) or self._from_environment(address)

    def _from_file(self, address: Address) -> Login | None:
        if self._path is None:
            return None
        try:
            mode = self._path.stat().st_mode
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise KnownFault(Message("the file of camera log-ins cannot be read")) from None
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KnownFault(Message("others may read the file of camera log-ins: chmod 600"))
        found: dict[str, Login] = {}
        for line in text.splitlines():
            words = line.split(None, 2)
            if len(words) == 3 and not line.lstrip().startswith("#"):
                found.setdefault(words[0].lower(), (words[1], words[2]))
        for key in (f"{address.host}:{address.port}", address.host, "*"):
            login = found.get(key.lower())
            if login is not None and address.user in ("", login[0]):
                return login
        return None

    def _from_ring(self, address: Address) -> Login | None:
        key = (address.host, address.user)
        kept = self._ring.get(key)
        if kept is not None and time.perf_counter() - kept[0] < KEEP_S:
            return kept[1]
        import keyring
        import keyring.errors

        login: Login | None = None
        with contextlib.suppress(keyring.errors.KeyringError, RuntimeError):
            found = keyring.get_credential(f"liandong:camera:{address.host}", address.user or None)
            if found is not None and found.password is not None:
                login = (found.username, found.password)
        self._ring[key] = (time.perf_counter(), login)
        return login

    @staticmethod
    def _from_environment(address: Address) -> Login | None:
        user, password = os.environ.get(ENV_USER, ""), os.environ.get(ENV_PASSWORD)
        if password is None or not (user or address.user) or address.user not in ("", user or address.user):
            return None
        return user or address.user, password
