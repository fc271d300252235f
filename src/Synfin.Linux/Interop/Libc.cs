using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Synfin.Linux.Interop;

/// <summary>The system calls. Numbers are those of asm-generic, which x86, ARM and RISC-V share.</summary>
internal static unsafe partial class Libc
{
    public const int ReadWrite = 0x2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int FamilyInet = 2;
    public const int FamilyInet6 = 10;
    public const int FamilyNetlink = 16;
    public const int SocketDatagram = 2;
    public const int SocketRaw = 3;

    public const short PollIn = 0x1;

    public const uint EpollIn = 0x1;
    public const uint EpollOut = 0x4;
    public const int EpollAdd = 1;
    public const int EpollModify = 3;

    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;

    public const int NewNetworkNamespace = 0x40000000;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nint length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nint length);

    [LibraryImport(Library, EntryPoint = "writev", SetLastError = true)]
    public static partial nint WriteVector(int descriptor, IoVector* parts, int count);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, InterfaceRequest* argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, int* argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, nuint argument);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpecification* timeout, void* signalMask);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* item);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* items, int most, int milliseconds);

    /// <summary>Since Linux 5.11 and glibc 2.35: the timeout in nanoseconds.</summary>
    [LibraryImport(Library, EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* items, int most, TimeSpecification* timeout, void* signalMask);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int descriptor, int command, int argument);

    /// <summary>Makes reads and writes return instead of waiting. Returns 0 or the number of the error.</summary>
    public static int SetNonBlocking(int descriptor)
    {
        int flags = FileControl(descriptor, GetStatusFlags, 0);
        if (flags < 0) return LastError;
        return (flags & NonBlocking) != 0 || FileControl(descriptor, SetStatusFlags, flags | NonBlocking) >= 0 ? 0 : LastError;
    }

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();

    /// <summary>Leaves the namespaces that are shared with others; of the calling thread alone.</summary>
    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "gettid")]
    public static partial int ThreadId();

    /// <summary>The number of the last error of this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    /// <summary>Makes a descriptor owned, so that it is closed whatever happens.</summary>
    public static SafeFileHandle Own(int descriptor) => new(descriptor, ownsHandle: true);
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Start;
    public nint Length;
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Ready;
}

/// <summary>struct timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpecification
{
    public nint Seconds;
    public nint Nanoseconds;
}
