using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Udp;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>
/// Sends echo requests of ICMP (RFC 792, RFC 1122 3.2.2.6) and ICMPv6 (RFC 4443 4.1), and receives what comes back: replies, and errors
/// about them. Its identifier is its own among the host's endpoints and cannot be guessed easily.
/// </summary>
public sealed class EchoEndpoint
{
    private readonly NetworkStack _stack;
    private readonly DatagramQueue _data;
    private readonly Queue<ReceivedEcho> _received = new();

    internal EchoEndpoint(NetworkStack stack, ushort identifier)
    {
        _stack = stack;
        Identifier = identifier;
        _data = new DatagramQueue(stack.Options.MaxUdpQueueDatagrams, stack.Options.MaxUdpQueueOctets);
    }

    /// <summary>What its requests bear, so that replies find it.</summary>
    public ushort Identifier { get; }

    /// <summary>The time to live, or hop limit, of what is sent from now on; at least 1.</summary>
    public byte TimeToLive { get; set; } = 64;

    /// <summary>Whether requests that do not fit the path's MTU are refused instead of fragmented.</summary>
    public bool DontFragment { get; set; }

    /// <summary>Whether it was closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What waits to be received.</summary>
    public int ReceiveQueueCount => _received.Count;

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    internal bool Signalled { get; set; }

    /// <summary>
    /// The most octets of data in a request to a host, now: what IP carries, or with <see cref="DontFragment"/> what the path does.
    /// </summary>
    public int MaxDataTo(InternetAddress remoteAddress)
    {
        int most = remoteAddress.IsIpv4 ? ushort.MaxValue - IpHeader.Ipv4Length : ushort.MaxValue;
        int fits = _stack.PathMtu(remoteAddress) - (remoteAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length);
        return (DontFragment ? Math.Min(most, fits) : most) - IcmpMessage.HeaderLength;
    }

    /// <summary>Queues a request for the link.</summary>
    /// <param name="data">At most <see cref="MaxDataTo"/> octets.</param>
    /// <param name="remoteAddress">A unicast address.</param>
    /// <param name="sequence">The sequence number, which comes back.</param>
    /// <param name="now">The time.</param>
    /// <param name="localAddress">Which of the host's addresses to send from, or null to let the stack choose.</param>
    /// <returns>
    /// None; InvalidRemoteAddress; InvalidLocalAddress; MessageTooLong; InsufficientResources: too many replies and requests wait for the
    /// link; ConnectionDoesNotExist: closed.
    /// </returns>
    public TcpError Send(
        ReadOnlySpan<byte> data, InternetAddress remoteAddress, ushort sequence, Timestamp now, InternetAddress? localAddress = null)
    {
        _stack.Advance(now);
        if (IsClosed) return TcpError.ConnectionDoesNotExist;
        TcpError error = _stack.ChooseEchoSource(remoteAddress, localAddress, out InternetAddress source);
        if (error is not TcpError.None) return error;
        if (data.Length > MaxDataTo(remoteAddress)) return TcpError.MessageTooLong;
        bool v6 = !remoteAddress.IsIpv4;
        int headers = v6 ? IpHeader.Ipv6Length : IpHeader.Ipv4Length;
        byte[] packet = new byte[headers + IcmpMessage.HeaderLength + data.Length];
        byte protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        IpHeaderWriter.Write(packet, source, remoteAddress, protocol, packet.Length - headers, trafficClass: 0, TimeToLive, flowLabel: 0);
        IcmpWriter.WriteEchoRequest(packet.AsSpan(headers), Identifier, sequence, data, v6, source, remoteAddress);
        return _stack.QueueEchoRequest(packet) ? TcpError.None : TcpError.InsufficientResources;
    }

    /// <summary>
    /// Takes what came back first. Data that does not fit is lost; <see cref="ReceivedEcho.Length"/> says how much there was.
    /// </summary>
    /// <param name="destination">Where the data of a reply goes.</param>
    /// <param name="now">The time.</param>
    /// <param name="echo">What is known of it.</param>
    /// <returns>None, WouldBlock or ConnectionDoesNotExist (closed).</returns>
    public TcpError Receive(Span<byte> destination, Timestamp now, out ReceivedEcho echo)
    {
        _stack.Advance(now);
        echo = default;
        if (IsClosed) return TcpError.ConnectionDoesNotExist;
        if (!_received.TryDequeue(out echo)) return TcpError.WouldBlock;
        _data.Peek(out TextSlices data);
        data.Slice(0, Math.Min(data.Length, destination.Length)).CopyTo(destination);
        _data.Dequeue(_stack.Pages);
        return TcpError.None;
    }

    /// <summary>Nothing is received any more; what was sent still goes out.</summary>
    public void Close(Timestamp now)
    {
        _stack.Advance(now);
        if (IsClosed) return;
        IsClosed = true;
        _received.Clear();
        _data.Clear(_stack.Pages);
        _stack.Close(this);
        Signal();
    }

    internal DropReason ReplyArrives(in IpHeader ip, ReadOnlySpan<byte> icmp)
    {
        ReadOnlySpan<byte> data = icmp[IcmpMessage.HeaderLength..];
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]);
        return Keep(
            new ReceivedEcho(IcmpKind.EchoReply, ip.Source, ip.Source, sequence, ip.TimeToLive, _stack.Now, data.Length, Mtu: 0), data);
    }

    internal DropReason ErrorArrives(InternetAddress reporter, byte timeToLive, in IcmpMessage message)
    {
        FourTuple quoted = message.QuotedTuple;
        return Keep(
            new ReceivedEcho(
                message.Kind, reporter, quoted.RemoteAddress, quoted.RemotePort, timeToLive, _stack.Now, Length: 0, message.Mtu), []);
    }

    /// <exception cref="InvalidOperationException">Something does not hold; the message says what.</exception>
    internal void CheckInvariants()
    {
        _data.CheckInvariants();
        if (_data.Count != _received.Count) throw new InvalidOperationException("what an echo endpoint knows and what it has do not agree");
    }

    private DropReason Keep(in ReceivedEcho echo, ReadOnlySpan<byte> data)
    {
        if (!_data.HasRoom(data.Length)) return DropReason.DatagramQueueFull;
        var datagram = new QueuedDatagram { Length = (ushort)data.Length };
        if (!_data.TryEnqueue(_stack.Pages, in datagram, data)) return DropReason.NoMemory;
        _received.Enqueue(echo);
        Signal();
        return DropReason.None;
    }

    private void Signal()
    {
        if (Signalled) return;
        Signalled = true;
        _stack.EnqueueSignalled(this);
    }
}
