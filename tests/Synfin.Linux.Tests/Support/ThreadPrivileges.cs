using System.Runtime.InteropServices;

namespace Synfin.Linux.Tests.Support;

/// <summary>What Linux keeps for each thread, and .NET has no name for.</summary>
internal static unsafe partial class ThreadPrivileges
{
    private const int NewNetworkNamespace = 0x40000000;
    private const uint CapabilityVersion3 = 0x20080522;
    private const int InetFamily = 2;
    private const int DatagramSocket = 2;
    private const nuint GetInterfaceFlags = 0x8913;
    private const nuint SetInterfaceFlags = 0x8914;
    private const int FlagsOffset = 16;
    private const byte InterfaceUp = 0x1;

    /// <summary>Moves the current thread into a new network namespace, and switches its loopback on.</summary>
    public static void EnterNewNetworkNamespace()
    {
        Check(Unshare(NewNetworkNamespace), "unshare");
        int socket = Check(Socket(InetFamily, DatagramSocket, 0), "socket");
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, 15));
        Check(Control(socket, GetInterfaceFlags, request), "ioctl");
        request[FlagsOffset] |= InterfaceUp;
        Check(Control(socket, SetInterfaceFlags, request), "ioctl");
        Check(Close(socket), "close");
    }

    /// <summary>Takes all capabilities from the current thread, for good.</summary>
    public static void DropCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* none = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        Check(SetCapabilities(header, none), "capset");
    }

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new InvalidOperationException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* data);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
