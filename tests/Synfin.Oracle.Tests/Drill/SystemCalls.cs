using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Synfin.Drill.Sockets;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>Linux's socket calls, raw, for scripts: results and errnos as they are.</summary>
internal static unsafe partial class SystemCalls
{
    public const int NonBlocking = 0x800;

    private const int CloseOnExec = 0x80000;
    private const string Library = "libc";
    private const int AddressRoom = 28;
    private const int Inet = 2;
    private const int Inet6 = 10;

    public static int Socket(bool ipv6, bool stream) => SocketCore(ipv6 ? Inet6 : Inet, (stream ? 1 : 2) | NonBlocking | CloseOnExec, 0);

    public static int Bind(int socket, IPEndPoint? endPoint)
    {
        byte* address = stackalloc byte[AddressRoom];
        return BindCore(socket, address, Write(address, endPoint));
    }

    public static int Connect(int socket, IPEndPoint? endPoint)
    {
        byte* address = stackalloc byte[AddressRoom];
        return ConnectCore(socket, address, Write(address, endPoint));
    }

    public static int Accept(int socket, out IPEndPoint? peer)
    {
        byte* address = stackalloc byte[AddressRoom];
        int length = AddressRoom;
        int result = AcceptCore(socket, address, &length, NonBlocking | CloseOnExec);
        peer = result < 0 ? null : Read(address);
        return result;
    }

    public static long Send(int socket, int length, MessageFlags flags, IPEndPoint? destination)
    {
        byte[] text = new byte[Math.Max(length, 1)];
        byte* address = stackalloc byte[AddressRoom];
        int addressLength = destination is null ? 0 : Write(address, destination);
        int linux = (int)(flags | MessageFlags.DontWait | MessageFlags.NoSignal);
        fixed (byte* start = text) return SendCore(socket, start, length, linux, addressLength == 0 ? null : address, addressLength);
    }

    public static long Receive(int socket, Span<byte> text, MessageFlags flags)
    {
        byte none = 0;
        fixed (byte* start = text)
            return ReceiveCore(socket, text.IsEmpty ? &none : start, text.Length, (int)(flags | MessageFlags.DontWait), null, null);
    }

    public static int Control(int socket, nuint request, out int answer)
    {
        int value = 0;
        int result = ControlCore(socket, request, &value);
        answer = value;
        return result;
    }

    public static int SetOption(int socket, int level, int name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value) return SetOptionCore(socket, level, name, start, value.Length);
    }

    public static int GetOption(int socket, int level, int name, Span<byte> value, out int length)
    {
        int room = value.Length;
        int result;
        fixed (byte* start = value) result = GetOptionCore(socket, level, name, start, &room);
        length = room;
        return result;
    }

    public static int Name(int socket, bool ofPeer, out IPEndPoint? answer)
    {
        byte* address = stackalloc byte[AddressRoom];
        int length = AddressRoom;
        int result = ofPeer ? PeerNameCore(socket, address, &length) : NameCore(socket, address, &length);
        answer = result < 0 ? null : Read(address);
        return result;
    }

    /// <summary>What poll says now of one descriptor.</summary>
    public static int Poll(int socket, int events)
    {
        var entry = new PollFd { Descriptor = socket, Events = (short)events };
        return PollCore(&entry, 1, 0) < 0 ? 0 : entry.Returned;
    }

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int socket);

    private static int Write(byte* address, IPEndPoint? endPoint)
    {
        var room = new Span<byte>(address, AddressRoom);
        room.Clear();
        if (endPoint is null) return 16; // AF_UNSPEC
        bool v6 = endPoint.AddressFamily is AddressFamily.InterNetworkV6;
        BinaryPrimitives.WriteInt16LittleEndian(room, (short)(v6 ? Inet6 : Inet));
        BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)endPoint.Port);
        endPoint.Address.TryWriteBytes(room[(v6 ? 8 : 4)..], out _);
        return v6 ? 28 : 16;
    }

    private static IPEndPoint Read(byte* address)
    {
        var room = new ReadOnlySpan<byte>(address, AddressRoom);
        bool v6 = BinaryPrimitives.ReadInt16LittleEndian(room) == Inet6;
        return new IPEndPoint(new IPAddress(room.Slice(v6 ? 8 : 4, v6 ? 16 : 4)), BinaryPrimitives.ReadUInt16BigEndian(room[2..]));
    }

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketCore(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    private static partial int BindCore(int socket, byte* address, int length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    private static partial int ConnectCore(int socket, byte* address, int length);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    private static partial int AcceptCore(int socket, byte* address, int* length, int flags);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendCore(int socket, byte* text, nint length, int flags, byte* address, int addressLength);

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveCore(int socket, byte* text, nint length, int flags, byte* address, int* addressLength);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlCore(int socket, nuint request, int* value);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOptionCore(int socket, int level, int name, byte* value, int length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOptionCore(int socket, int level, int name, byte* value, int* length);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    private static partial int NameCore(int socket, byte* address, int* length);

    [LibraryImport(Library, EntryPoint = "getpeername", SetLastError = true)]
    private static partial int PeerNameCore(int socket, byte* address, int* length);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCore(PollFd* entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
