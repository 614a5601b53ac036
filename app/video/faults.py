"""Why there is no picture: each reason is its own, with words for the tile and a pause before the next attempt."""
from __future__ import annotations

import socket
from typing import Final

import av
import av.error

from app.domain.faults import KnownFault, Message
from app.services import streams as st
from app.video.address import Address


class VideoFault(KnownFault):
    """No picture, for a reason of the world. `phase`: what a tile shows (app.services.streams)."""

    def __init__(self, phase: str, message: Message) -> None:
        super().__init__(message)
        self.phase = phase


_FINAL: Final = frozenset({st.NO_RIGHT, st.UNSUPPORTED})
"""asking again soon changes nothing; a wrong password asked often locks the account"""


def is_lasting(phase: str) -> bool:
    """Whether only people can mend it."""
    return phase in _FINAL


def refused() -> VideoFault:
    """Nobody listens at that port."""
    return VideoFault(st.REFUSED, Message("connection refused"))


def no_host(host: str) -> VideoFault:
    """The name cannot be resolved."""
    return VideoFault(st.NO_HOST, Message("no such host: {host}", {"host": host}))


def timed_out() -> VideoFault:
    """Nothing came in time."""
    return VideoFault(st.TIMED_OUT, Message("no answer in time"))


def no_right() -> VideoFault:
    """The camera does not let us in."""
    return VideoFault(st.NO_RIGHT, Message("the camera refuses the log-in"))


def not_found() -> VideoFault:
    """The camera does not know the path."""
    return VideoFault(st.REFUSED, Message("the camera does not know this stream"))


def unsupported(what: str) -> VideoFault:
    """A codec or format that cannot be played."""
    return VideoFault(st.UNSUPPORTED, Message("{what} cannot be played", {"what": what}))


def unknown_codec() -> VideoFault:
    """A stream whose pictures are coded in a way that nobody here knows."""
    return VideoFault(st.UNSUPPORTED, Message("the codec of this stream cannot be played"))


def no_video() -> VideoFault:
    """A stream of sound or data only."""
    return VideoFault(st.UNSUPPORTED, Message("the stream has no pictures"))


def garbage() -> VideoFault:
    """Data came, but no picture could be made of it."""
    return VideoFault(st.ENDED, Message("the data are no pictures"))


def too_late() -> VideoFault:
    """What comes was taken long ago: connecting anew drops what is queued on the way."""
    return VideoFault(st.TIMED_OUT, Message("the pictures come too late"))


def ended() -> VideoFault:
    """The other side closed the connection."""
    return VideoFault(st.ENDED, Message("the stream ended"))


def broken() -> VideoFault:
    """The connection failed in a way that has no word of its own."""
    return VideoFault(st.ENDED, Message("the connection broke"))


def of(error: Exception, address: Address, took_s: float, limit_s: float) -> VideoFault:
    """The reason behind an error of FFmpeg or of the system. Never carries the error's own text: it holds the address
    with its password."""
    if isinstance(error, av.error.ExitError | TimeoutError):
        return timed_out()
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return no_right()
    if isinstance(error, av.error.HTTPNotFoundError):
        return not_found()
    if isinstance(error, ConnectionRefusedError):
        return refused()
    if isinstance(error, FileNotFoundError):
        return VideoFault(st.REFUSED, Message("the file {name} is missing", {"name": address.name}))
    if isinstance(error, PermissionError):
        return VideoFault(st.NO_RIGHT, Message("the file {name} may not be read", {"name": address.name}))
    if took_s >= limit_s * 0.9:
        return timed_out()
    if isinstance(error, av.error.DecoderNotFoundError | av.error.DemuxerNotFoundError
                  | av.error.ProtocolNotFoundError | av.error.PatchWelcomeError):
        return unsupported(address.kind)
    if address.host and not resolves(address.host):
        return no_host(address.host)
    if isinstance(error, av.error.InvalidDataError):
        return garbage()
    if isinstance(error, EOFError | ConnectionError):
        return ended()
    return broken()


def resolves(host: str) -> bool:
    """Whether a host name leads anywhere. May take seconds."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False
    except UnicodeError:
        return False


def answered(status: int) -> VideoFault:
    """An answer that is neither a picture nor one of the known refusals."""
    return VideoFault(st.REFUSED, Message("the camera answers {status}", {"status": status}))


def untrusted() -> VideoFault:
    """The certificate cannot be trusted."""
    return VideoFault(st.REFUSED, Message("the camera's certificate is not trusted"))
