using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Udp;

/// <summary>
/// A UDP port of the host (RFC 768, RFC 1122 4.1): a queue of datagrams each way. It may be connected, which means that it hears one peer
/// alone, and what ICMP says about that peer.
/// </summary>
public sealed partial class UdpEndpoint
{
    private readonly NetworkStack _stack;
    private readonly DatagramQueue _received;
    private readonly DatagramQueue _toSend;
    private TcpError _error;
    private bool _wantsRoom;
    private int _dscp;

    internal UdpEndpoint(NetworkStack stack, InternetAddress address, ushort port)
    {
        _stack = stack;
        BoundAddress = address;
        LocalAddress = address;
        LocalPort = port;
        StackOptions options = stack.Options;
        _received = new DatagramQueue(options.MaxUdpQueueDatagrams, options.MaxUdpQueueOctets);
        _toSend = new DatagramQueue(options.MaxUdpQueueDatagrams, options.MaxUdpQueueOctets);
    }

    /// <summary>The address that it was bound to; unspecified means all.</summary>
    public InternetAddress BoundAddress { get; }

    /// <summary>The same, but once connected the address that the peer sees.</summary>
    public InternetAddress LocalAddress { get; private set; }

    /// <summary>The port.</summary>
    public ushort LocalPort { get; }

    /// <summary>Whether it has one peer.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether it was closed; what it had to send may still go out.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The peer's address; only meaningful if <see cref="IsConnected"/>.</summary>
    public InternetAddress RemoteAddress { get; private set; }

    /// <summary>The peer's port; only meaningful if <see cref="IsConnected"/>.</summary>
    public ushort RemotePort { get; private set; }

    /// <summary>The time to live, or hop limit, of what is sent from now on (RFC 1122 4.1.4).</summary>
    public byte TimeToLive { get; set; } = 64;

    /// <summary>The differentiated services code point of what is sent from now on, 0 to 63 (RFC 1122 4.1.4, RFC 2474).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Dscp
    {
        get => _dscp;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 63u, nameof(value));
            _dscp = value;
        }
    }

    /// <summary>
    /// Whether datagrams that do not fit the path's MTU are refused instead of fragmented: what RFC 8085 3.2 advises to protocols that can
    /// make smaller ones.
    /// </summary>
    public bool DontFragment { get; set; }

    /// <summary>
    /// Whether it may send to 255.255.255.255 and to all of a subnet on the link. What others send there it always receives, unless it is
    /// bound to an address or connected.
    /// </summary>
    public bool Broadcast { get; set; }

    /// <summary>For the runtime: its own handle.</summary>
    public object? Owner { get; set; }

    /// <summary>Whether <see cref="Receive"/> has something to say: a datagram, an error, or that it is closed.</summary>
    public bool HasNews => IsClosed || _error is not TcpError.None || _received.Count > 0;

    /// <summary>Datagrams that wait to be received.</summary>
    public int ReceiveQueueCount => _received.Count;

    /// <summary>Their octets.</summary>
    public int ReceiveQueueOctets => _received.Octets;

    /// <summary>Datagrams that wait for the link.</summary>
    public int SendQueueCount => _toSend.Count;

    /// <summary>Their octets.</summary>
    public int SendQueueOctets => _toSend.Octets;

    internal bool Signalled { get; set; }

    internal bool Ready { get; set; }

    /// <summary>Where the stack keeps it.</summary>
    internal int Index { get; set; }

    /// <summary>
    /// Chooses the one peer; calling it again chooses another. Nothing is sent. Datagrams of others that wait already are dropped when
    /// their turn comes.
    /// </summary>
    /// <param name="remoteAddress">The peer's address.</param>
    /// <param name="remotePort">The peer's port, 1 to 65,535.</param>
    /// <param name="now">The time.</param>
    /// <returns>None, InvalidRemoteAddress, InvalidLocalAddress or ConnectionDoesNotExist.</returns>
    public TcpError Connect(InternetAddress remoteAddress, ushort remotePort, Timestamp now)
    {
        _stack.Advance(now);
        if (IsClosed) return TcpError.ConnectionDoesNotExist;
        TcpError error = _stack.ChooseUdpSource(BoundAddress, remoteAddress, remotePort, null, false, out InternetAddress source);
        if (error is not TcpError.None) return error;
        (LocalAddress, RemoteAddress, RemotePort, IsConnected) = (source, remoteAddress, remotePort, true);
        _error = TcpError.None;
        return TcpError.None;
    }

    /// <summary>Queues a datagram to the peer.</summary>
    /// <returns>As the other; InvalidRemoteAddress also if it is not connected.</returns>
    public TcpError Send(ReadOnlySpan<byte> data, Timestamp now) => IsConnected || IsClosed
        ? Send(data, RemoteAddress, RemotePort, now)
        : TcpError.InvalidRemoteAddress;

    /// <summary>Queues a datagram for the link.</summary>
    /// <param name="data">At most <see cref="MaxDataTo"/> octets; none is possible, too.</param>
    /// <param name="remoteAddress">A unicast address, or with <see cref="Broadcast"/> all hosts of the link or of a subnet.</param>
    /// <param name="remotePort">The port, 1 to 65,535.</param>
    /// <param name="now">The time.</param>
    /// <param name="localAddress">
    /// Which of the host's addresses to send from, or null to let the stack choose (RFC 1122 4.1.3.5): to 255.255.255.255 it is 0.0.0.0 if
    /// the host has none. Who says 0.0.0.0 here sends from it there, also if the host has others (RFC 2131 4.1).
    /// </param>
    /// <returns>
    /// None; WouldBlock: the queue is full, and a signal says when there is room; MessageTooLong; InsufficientResources: no pages;
    /// InvalidRemoteAddress; InvalidLocalAddress; ConnectionDoesNotExist: closed. Or, once, what ICMP said about an earlier one to the
    /// peer; then this one was not sent.
    /// </returns>
    public TcpError Send(
        ReadOnlySpan<byte> data, InternetAddress remoteAddress, ushort remotePort, Timestamp now, InternetAddress? localAddress = null)
    {
        _stack.Advance(now);
        if (IsClosed) return TcpError.ConnectionDoesNotExist;
        if (TakeError(out TcpError error)) return error;
        error = _stack.ChooseUdpSource(LocalAddress, remoteAddress, remotePort, localAddress, Broadcast, out InternetAddress source);
        if (error is not TcpError.None) return error;
        if (data.Length > MaxDataTo(remoteAddress)) return TcpError.MessageTooLong;
        if (!_toSend.HasRoom(data.Length))
        {
            _wantsRoom = true;
            return TcpError.WouldBlock;
        }
        var datagram = new QueuedDatagram
        {
            LocalAddress = source,
            RemoteAddress = remoteAddress,
            RemotePort = remotePort,
            Length = (ushort)data.Length,
            TrafficClass = (byte)(_dscp << 2),
            TimeToLive = TimeToLive,
        };
        if (!_toSend.TryEnqueue(_stack.Pages, in datagram, data)) return TcpError.InsufficientResources;
        _stack.EnqueueReady(this);
        return TcpError.None;
    }

    /// <summary>Takes the datagram that waited longest. What does not fit is lost.</summary>
    /// <param name="destination">Where its octets go.</param>
    /// <param name="now">The time.</param>
    /// <param name="datagram">What is known of it.</param>
    /// <returns>
    /// None, WouldBlock, ConnectionDoesNotExist (closed), or, once, what ICMP said about a datagram to the peer (RFC 1122 4.1.3.3).
    /// </returns>
    public TcpError Receive(Span<byte> destination, Timestamp now, out ReceivedDatagram datagram)
    {
        _stack.Advance(now);
        datagram = default;
        if (IsClosed) return TcpError.ConnectionDoesNotExist;
        if (TakeError(out TcpError error)) return error;
        while (_received.Count > 0)
        {
            QueuedDatagram first = _received.Peek(out TextSlices data);
            bool wanted = Hears(first.LocalAddress, first.RemoteAddress, first.RemotePort);
            int count = Math.Min(first.Length, destination.Length);
            if (wanted) data.Slice(0, count).CopyTo(destination);
            _received.Dequeue(_stack.Pages);
            if (!wanted)
            {
                _stack.CountDrop(DropReason.NoPort);
                continue;
            }
            datagram = new(count, count < first.Length, first.RemoteAddress, first.RemotePort, first.LocalAddress);
            return TcpError.None;
        }
        return TcpError.WouldBlock;
    }

    /// <summary>Leaves the port at once. What was received is forgotten; what waits for the link is still sent.</summary>
    public void Close(Timestamp now)
    {
        _stack.Advance(now);
        if (IsClosed) return;
        IsClosed = true;
        _received.Clear(_stack.Pages);
        _stack.Close(this);
        Signal();
    }

    private bool TakeError(out TcpError error)
    {
        error = _error;
        _error = TcpError.None;
        return error is not TcpError.None;
    }

    private void Signal()
    {
        if (Signalled) return;
        Signalled = true;
        _stack.EnqueueSignalled(this);
    }
}
