"""What can go wrong with a device, in one small tree; libraries' own errors stop at the driver."""


class HalError(Exception):
    """A device did not do what was asked. The message names bank, channel and what was expected."""


class LinkLost(HalError):
    """The way to the device is gone: port missing, busy, unplugged. Worth trying again for ever."""


class NoReply(HalError):
    """The device did not answer in time."""


class BadFrame(HalError):
    """Bytes arrived that are no frame of this device."""


class DeviceFault(HalError):
    """The device answered that it failed."""


class WiringError(HalError):
    """Trying again cannot help until a person changes something: rights, address, channel."""


class NotSent(HalError):
    """An unlock was given up before its first byte left: too late, or the link was down."""
