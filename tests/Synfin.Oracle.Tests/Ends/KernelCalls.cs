using System.Runtime.InteropServices;
using Synfin.Wire;

namespace Synfin.Oracle.Tests.Ends;

/// <summary>The kernel's socket calls as they are: .NET's sockets hide some of their errors.</summary>
internal static unsafe partial class KernelCalls
{
    public const int SolSocket = 1;
    public const int SoReuseAddress = 2;
    public const int SoReceiveBuffer = 8;
    public const int SoOutOfBandInline = 10;
    public const int SoLinger = 13;
    public const int Tcp = 6;
    public const int TcpNoDelay = 1;
    public const int ShutdownWrite = 1;

    private const int FamilyInet = 2;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const nuint InputQueue = 0x541B;
    private const int AddressSize = 16;

    private const string Library = "libc";

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int OpenSocket() => Check(Socket(FamilyInet, Stream | NonBlocking | CloseOnExec, 0), "socket");

    public static void Set(int socket, int level, int option, int value) =>
        Check(SetOption(socket, level, option, &value, sizeof(int)), "setsockopt");

    /// <summary>What close does then: RST.</summary>
    public static void SetLingerZero(int socket)
    {
        int* linger = stackalloc int[2] { 1, 0 };
        Check(SetOption(socket, SolSocket, SoLinger, linger, 2 * sizeof(int)), "setsockopt");
    }

    public static void Bind(int socket, InternetAddress address, ushort port)
    {
        byte* name = stackalloc byte[AddressSize];
        Write(name, address, port);
        Check(Bind(socket, name, AddressSize), "bind");
    }

    public static void Listen(int socket, int backlog) => Check(ListenCall(socket, backlog), "listen");

    public static int Connect(int socket, InternetAddress address, ushort port)
    {
        byte* name = stackalloc byte[AddressSize];
        Write(name, address, port);
        return Connect(socket, name, AddressSize) == 0 ? 0 : LastError;
    }

    /// <summary>The new socket, or -1.</summary>
    public static int Accept(int socket) => Accept(socket, null, null, NonBlocking | CloseOnExec);

    public static nint Send(int socket, ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text) return Send(socket, start, text.Length, NoSignal);
    }

    public static nint Receive(int socket, Span<byte> text)
    {
        fixed (byte* start = text) return Receive(socket, start, text.Length, 0);
    }

    /// <summary>Octets that can be read.</summary>
    public static int Readable(int socket)
    {
        int octets;
        return Control(socket, InputQueue, &octets) == 0 ? octets : 0;
    }

    [LibraryImport(Library, EntryPoint = "shutdown")]
    public static partial void Shutdown(int socket, int how);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial void Close(int socket);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, void* value, int length);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, void* name, int length);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenCall(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, void* name, int length);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept(int socket, void* name, int* length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, void* text, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, void* text, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int socket, nuint request, int* value);

    private static void Write(byte* name, InternetAddress address, ushort port)
    {
        new Span<byte>(name, AddressSize).Clear();
        *(ushort*)name = FamilyInet;
        name[2] = (byte)(port >> 8);
        name[3] = (byte)port;
        for (int i = 0; i < 4; i++) name[4 + i] = (byte)(address.Ipv4 >> (24 - 8 * i));
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new InvalidOperationException($"{call} failed: error {LastError}");
}
