namespace Synfin.Linux.Interop;

/// <summary>The error numbers that are handled by name (asm-generic/errno.h).</summary>
internal static class Errno
{
    public const int Permission = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Io = 5;
    public const int NoSuchDeviceOrAddress = 6;
    public const int TooBig = 7;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int Access = 13;
    public const int Fault = 14;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NoDevice = 19;
    public const int Invalid = 22;
    public const int NotImplemented = 38;
    public const int BadDescriptorState = 77;
    public const int NoBuffers = 105;
}
