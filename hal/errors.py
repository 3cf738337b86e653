"""What can go wrong with a device, in one small tree; libraries' own errors stop at the driver."""


class HalError(Exception):
    """A device did not do what was asked. The message names bank, channel and what was expected."""


class LinkLost(HalError):
    """The way to the device is gone: unplugged, hung up, taking no bytes. Worth trying again for ever."""


class PortMissing(LinkLost):
    """There is no such port now."""


class PortBusy(LinkLost):
    """Another process holds the port."""


class Unwatched(LinkLost):
    """Nobody asked the device for so long that what it did meanwhile is not known."""


class NoReply(HalError):
    """The device did not answer in time."""


class OnlyEcho(NoReply):
    """Nothing came back but our own bytes: the adapter hears itself, and no device answers."""


class BadFrame(HalError):
    """Bytes arrived that are no frame of this device."""


class DeviceFault(HalError):
    """The device answered that it failed."""


class WiringError(HalError):
    """Trying again cannot help until a person changes something: rights, address, channel."""


class PortForbidden(WiringError):
    """This account may not open the port."""


class NotAPort(WiringError):
    """What the settings name as a port is there and is none."""


class AddressDoubled(WiringError):
    """Two devices answer to one address."""


class NotSent(HalError):
    """An unlock was given up before its first byte left: too late, or the link was down."""
