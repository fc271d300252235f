using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Linux.Interop;

/// <summary>
/// Sets up interfaces through rtnetlink(7). It belongs to the network namespace of the thread that opened it, and may be used on any
/// thread. What fails returns the number of the error.
/// </summary>
internal sealed unsafe class RouteNetlink : IDisposable
{
    private const int RouteProtocol = 0;
    private const int AnswerSize = 32 * 1024;
    private const int RequestSize = 256;

    private const ushort ErrorMessage = 2;
    private const ushort DoneMessage = 3;
    private const ushort NewLink = 16;
    private const ushort GetLink = 18;
    private const ushort SetLink = 19;
    private const ushort NewAddress = 20;
    private const ushort GetAddress = 22;
    private const ushort NewRoute = 24;

    private const ushort Acknowledge = 0x4;
    private const ushort Dump = 0x300;
    private const ushort CreateOrReplace = 0x400 | 0x100;

    private const int LinkBody = 16;
    private const int AddressBody = 8;
    private const int RouteBody = 12;

    private const ushort LinkName = 3;
    private const ushort LinkMtu = 4;
    private const ushort AddressAttribute = 1;
    private const ushort LocalAttribute = 2;
    private const ushort RouteDestination = 1;
    private const ushort RouteInterface = 4;
    private const ushort RouteGateway = 5;

    private const byte NoDuplicateDetection = 0x02;
    private const byte MainTable = 254;
    private const byte StaticRoute = 4;
    private const byte LinkScope = 253;
    private const byte Unicast = 1;
    private const int InterfaceUp = 0x1;

    private readonly SafeFileHandle _socket;
    private readonly byte[] _answer = GC.AllocateUninitializedArray<byte>(AnswerSize, pinned: true);
    private readonly Lock _turn = new();
    private int _number;

    /// <summary>Opens it in the calling thread's network namespace.</summary>
    /// <exception cref="TunException">The system has no descriptor left.</exception>
    public RouteNetlink()
    {
        int descriptor = Libc.Socket(Libc.FamilyNetlink, Libc.SocketRaw | Libc.CloseOnExec, RouteProtocol);
        if (descriptor < 0) throw TunErrors.System("opening a netlink socket", Libc.LastError);
        _socket = Libc.Own(descriptor);
    }

    private delegate void MessageReader(ushort type, ReadOnlySpan<byte> message);

    /// <summary>The interface of that name.</summary>
    public int Find(string name, out LinkInformation? link)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], GetLink, Acknowledge, LinkBody);
        Span<byte> octets = stackalloc byte[InterfaceRequest.NameSize];
        int length = Encoding.ASCII.GetBytes(name, octets);
        request.Add(LinkName, octets[..(length + 1)]);
        LinkInformation? found = null;
        int error = Ask(request, (type, message) => found = type == NewLink ? LinkInformation.Read(message) : found);
        link = found;
        return error == 0 && found is null ? Errno.NoDevice : error;
    }

    /// <summary>Switches the interface on.</summary>
    public int SetUp(int index)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], SetLink, Acknowledge, LinkBody);
        MemoryMarshal.Write(request.Body[4..], index);
        MemoryMarshal.Write(request.Body[8..], InterfaceUp);
        MemoryMarshal.Write(request.Body[12..], InterfaceUp);
        return Ask(request);
    }

    /// <summary>Sets the largest packet, in octets.</summary>
    public int SetMtu(int index, int mtu)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], SetLink, Acknowledge, LinkBody);
        MemoryMarshal.Write(request.Body[4..], index);
        request.Add(LinkMtu, mtu);
        return Ask(request);
    }

    /// <summary>Adds the address, or confirms one that is there.</summary>
    public int SetAddress(int index, AddressPrefix address)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], NewAddress, Acknowledge | CreateOrReplace, AddressBody);
        request.Body[0] = Family(address.Address);
        request.Body[1] = (byte)address.Length;
        request.Body[2] = NoDuplicateDetection;
        MemoryMarshal.Write(request.Body[4..], index);
        Add(ref request, LocalAttribute, address.Address);
        Add(ref request, AddressAttribute, address.Address);
        return Ask(request);
    }

    /// <summary>Whether the interface has the address.</summary>
    public bool HasAddress(int index, InternetAddress address)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], GetAddress, Dump, AddressBody);
        request.Body[0] = Family(address);
        byte[] wanted = new byte[address.IsIpv4 ? 4 : 16];
        address.WriteTo(wanted);
        bool found = false;
        int error = Ask(request, (type, message) => found |= type == NewAddress && IsAddress(message, index, wanted));
        return error == 0 && found;
    }

    /// <summary>Adds a route through the interface, or replaces the one to the same destination.</summary>
    public int SetRoute(int index, AddressPrefix destination, InternetAddress? gateway)
    {
        var request = new NetlinkMessage(stackalloc byte[RequestSize], NewRoute, Acknowledge | CreateOrReplace, RouteBody);
        request.Body[0] = Family(destination.Address);
        request.Body[1] = (byte)destination.Length;
        request.Body[4] = MainTable;
        request.Body[5] = StaticRoute;
        request.Body[6] = gateway is null && destination.Address.IsIpv4 ? LinkScope : (byte)0;
        request.Body[7] = Unicast;
        Add(ref request, RouteDestination, destination.Network.Address);
        if (gateway is { } via) Add(ref request, RouteGateway, via);
        request.Add(RouteInterface, index);
        return Ask(request);
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _socket.Dispose();

    private static byte Family(InternetAddress address) => (byte)(address.IsIpv4 ? Libc.FamilyInet : Libc.FamilyInet6);

    private static void Add(ref NetlinkMessage request, ushort type, InternetAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        request.Add(type, octets[..address.WriteTo(octets)]);
    }

    private static bool IsAddress(ReadOnlySpan<byte> message, int index, byte[] wanted)
    {
        if (message.Length < AddressBody || MemoryMarshal.Read<int>(message[4..]) != index) return false;
        ReadOnlySpan<byte> attributes = message[AddressBody..];
        while (NetlinkMessage.TryTake(ref attributes, out int type, out ReadOnlySpan<byte> value))
        {
            // On a point-to-point interface the attribute "address" is the far end's, and "local" ours; IPv6 has the former alone.
            if (type is LocalAttribute or AddressAttribute && value.SequenceEqual(wanted)) return true;
        }
        return false;
    }

    private int Ask(NetlinkMessage request, MessageReader? reader = null)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_socket.IsClosed, this);
            int number = ++_number;
            int descriptor = (int)_socket.DangerousGetHandle();
            ReadOnlySpan<byte> octets = request.Finish(number);
            fixed (byte* start = octets)
                if (Libc.Write(descriptor, start, octets.Length) < 0) return Libc.LastError;
            while (true)
            {
                nint length;
                fixed (byte* start = _answer) length = Libc.Read(descriptor, start, _answer.Length);
                if (length < 0 && Libc.LastError == Errno.Interrupted) continue;
                if (length < 0) return Libc.LastError;
                if (ReadAnswer(_answer.AsSpan(0, (int)length), number, reader, out int error)) return error;
            }
        }
    }

    /// <summary>Goes through the messages of one read; true after the last of the answer.</summary>
    private static bool ReadAnswer(ReadOnlySpan<byte> answer, int number, MessageReader? reader, out int error)
    {
        error = 0;
        while (answer.Length >= NetlinkMessage.HeaderSize)
        {
            int length = MemoryMarshal.Read<int>(answer);
            if (length < NetlinkMessage.HeaderSize || length > answer.Length) break;
            ushort type = MemoryMarshal.Read<ushort>(answer[4..]);
            ReadOnlySpan<byte> message = answer[NetlinkMessage.HeaderSize..length];
            // What is left of an earlier answer, if that was given up, has an earlier number.
            if (MemoryMarshal.Read<int>(answer[8..]) == number)
            {
                if (type is ErrorMessage or DoneMessage)
                {
                    error = type == ErrorMessage ? -MemoryMarshal.Read<int>(message) : 0;
                    return true;
                }
                reader?.Invoke(type, message);
            }
            answer = answer[Math.Min(NetlinkMessage.Align(length), answer.Length)..];
        }
        return false;
    }
}
