using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Synfin.Buffers;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux.Tests.Support;

/// <summary>A device that is up, the kernel's address on it, and a far end without a stack, whose packets are made by hand.</summary>
internal sealed class FarEnd : IDisposable
{
    public const ushort Port = 7000;
    public const int Mss = 1000;

    private static readonly byte[] _hardwareAddress = [2, 0, 0, 0, 0, 9];

    private readonly NetworkNamespace _kernel;
    private readonly bool _ipv6;

    private FarEnd(NetworkNamespace kernel, TunDevice device, bool ipv6)
    {
        _kernel = kernel;
        _ipv6 = ipv6;
        Device = device;
    }

    public TunDevice Device { get; }

    public TunQueue Queue => Device.Queues[0];

    public InternetAddress Own => Address(2);

    public InternetAddress Kernel => Address(1);

    public IPEndPoint OwnEndPoint => new(IPAddress.Parse(Own.ToString()), Port);

    public IPEndPoint KernelEndPoint => new(IPAddress.Parse(Kernel.ToString()), Port);

    public int IpOffset => Device.IsEthernet ? 14 : 0;

    public int TransportOffset => IpOffset + (_ipv6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length);

    public static FarEnd Create(bool ipv6 = false, bool ethernet = false, int queues = 1, bool offloads = true)
    {
        NetworkNamespace kernel = Kernels.Create();
        TunDevice device = kernel.Run(() =>
            TunDevice.Open(new TunDeviceOptions { Name = "synfin0", Ethernet = ethernet, Queues = queues, Offloads = offloads }));
        var end = new FarEnd(kernel, device, ipv6);
        device.Up();
        device.SetHostAddress(end.Kernel, ipv6 ? 64 : 24);
        if (ipv6) end.AwaitAddress();
        if (ethernet) kernel.Call("ip", "neigh", "add", end.Own.ToString(), "lladdr", "02:00:00:00:00:09", "dev", "synfin0");
        return end;
    }

    /// <summary>A socket of the kernel, which gives up waiting after a while.</summary>
    public Socket Socket(SocketType type)
    {
        AddressFamily family = _ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        Socket socket = _kernel.CreateSocket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        socket.ReceiveTimeout = 20_000;
        socket.SendTimeout = 20_000;
        return socket;
    }

    /// <summary>Runs something in the kernel's network namespace.</summary>
    public T OnKernel<T>(Func<T> function) => _kernel.Run(function);

    /// <summary>Runs a program in the kernel's network namespace.</summary>
    public string Execute(string program, params string[] arguments) => _kernel.Call(program, arguments);

    /// <summary>Keeps the kernel from saying things of its own, and forgets what it said.</summary>
    public void Settle()
    {
        _kernel.Call("ip", "link", "set", "dev", "synfin0", "addrgenmode", "none");
        _kernel.Call("ip", "-6", "address", "flush", "dev", "synfin0");
        foreach (TunQueue queue in Device.Queues)
            while (queue.TryRead(out _, out _)) continue;
    }

    /// <summary>Sends a TCP segment, as a super-segment if the text is longer than <see cref="Mss"/>.</summary>
    public bool SendTcp(uint seq, uint ack, TcpFlags flags, byte[]? text = null, int queue = 0, ushort port = Port)
    {
        byte[] scratch = new byte[200];
        var options = default(TcpOptions);
        if ((flags & TcpFlags.Syn) != 0) options.SetMaximumSegmentSize(Mss);
        int header = TcpHeaderWriter.Write(scratch, port, Port, new(seq), new(ack), flags, 0xFFFF, 0, in options);
        return Send(IpProtocol.Tcp, scratch.AsSpan(0, header), TcpHeader.ChecksumOffset, text ?? [], Mss, queue);
    }

    /// <summary>Sends UDP datagrams of <paramref name="size"/> octets as one super-segment.</summary>
    public bool SendUdp(byte[] text, int size)
    {
        byte[] scratch = new byte[UdpHeader.HeaderLength];
        UdpHeaderWriter.Write(scratch, Port, Port, text.Length);
        return Send(IpProtocol.Udp, scratch, UdpHeader.ChecksumOffset, text, size, 0);
    }

    /// <summary>The next packet of this protocol from the kernel.</summary>
    public byte[] Read(byte protocol, out ReceiveMetadata metadata) => Queues.ReadUntil(Device, Is(protocol), out metadata, out _);

    /// <summary>Opens a connection to the kernel's listener, and returns the numbers of the next octets to and from the kernel.</summary>
    public (uint Seq, uint Ack) Connect()
    {
        SendTcp(999, 0, TcpFlags.Syn);
        byte[] reply = Read(IpProtocol.Tcp, out _);
        uint ack = BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(TransportOffset + 4)) + 1;
        SendTcp(1000, ack, TcpFlags.Ack);
        return (1000, ack);
    }

    /// <summary>Whether a packet is of this protocol, between the two ends.</summary>
    public PacketPredicate Is(byte protocol) => packet =>
        packet.Length > TransportOffset
        && packet[IpOffset] >> 4 == (_ipv6 ? 6 : 4)
        && packet[IpOffset + (_ipv6 ? 6 : 9)] == protocol;

    public void Dispose()
    {
        Device.Dispose();
        _kernel.Dispose();
    }

    /// <summary>Octets that differ from their neighbours.</summary>
    public static byte[] Text(int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)(i + i / 251);
        return text;
    }

    /// <summary>The kernel takes packets for an IPv6 address only some time after it was set: a worker makes the route.</summary>
    private void AwaitAddress()
    {
        const int MostLooks = 1000;
        for (int i = 0; i < MostLooks; i++)
        {
            string routes = _kernel.Call("ip", "-6", "route", "show", "table", "local", "dev", "synfin0");
            if (routes.Contains($"local {Kernel} ", StringComparison.Ordinal)) return;
        }
        throw new TimeoutException("the address never became usable");
    }

    private InternetAddress Address(byte last) => _ipv6
        ? InternetAddress.FromBytes([0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last])
        : InternetAddress.FromIpv4(10, 9, 0, last);

    private bool Send(byte protocol, ReadOnlySpan<byte> transport, int checksumAt, byte[] text, int size, int queue)
    {
        byte[] header = new byte[TransportOffset + transport.Length];
        if (Device.IsEthernet)
        {
            Device.KernelAddress!.GetAddressBytes().CopyTo(header, 0);
            _hardwareAddress.CopyTo(header, 6);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(12), (ushort)(_ipv6 ? 0x86DD : 0x0800));
        }
        IpHeaderWriter.Write(header.AsSpan(IpOffset), Own, Kernel, protocol, transport.Length + text.Length, 0, 64, 0);
        transport.CopyTo(header.AsSpan(TransportOffset));
        ulong pseudo = InternetChecksum.PseudoHeader(Own, Kernel, protocol, transport.Length + text.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(TransportOffset + checksumAt), InternetChecksum.Fold(pseudo));
        int segments = Math.Max(1, (text.Length + size - 1) / size);
        return Device.Queues[queue].Transmit(new OutboundPacket
        {
            Header = header,
            Text = TestPackets.Slices(null, Pages(text), 0, Start, text.Length),
            TransportOffset = TransportOffset,
            SegmentSize = segments > 1 ? size : 0,
            WireSegments = segments,
            ChecksumPartial = true,
        });
    }

    // The text begins late in a page, so that it needs as many parts as can be.
    private const int Start = PagePool.PageSize - 1;

    private static byte[]?[] Pages(byte[] text)
    {
        byte[]?[] pages = new byte[]?[32];
        for (int done = 0, at = Start; done < text.Length; at = 0)
        {
            int length = Math.Min(PagePool.PageSize - at, text.Length - done);
            int page = (Start + done) / PagePool.PageSize;
            pages[page] = GC.AllocateArray<byte>(PagePool.PageSize, pinned: true);
            Array.Copy(text, done, pages[page]!, at, length);
            done += length;
        }
        return pages;
    }
}
