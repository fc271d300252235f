using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Captures.Ladders;

/// <summary>
/// Collects what happens to the connections between named hosts, in the order of time, and builds ladders of it. A simulated network
/// tells it all (each packet's sending and arrival, both ends' states); a live stack tells its own end, and the far end is inferred.
/// Not thread-safe: its calls come from one thread, or under the caller's lock.
/// </summary>
public sealed class LadderRecorder
{
    private readonly Dictionary<string, HostLog> _hosts = [];
    private readonly Dictionary<InternetAddress, HostLog> _hostsByAddress = [];
    private readonly List<PacketLog> _packets = [];
    private readonly ConnectionRegistry _connections = new();
    private readonly List<RecordedEvent> _notes = [];
    private int _count;

    /// <summary>The most events that are kept; later ones are counted and forgotten. 1,000,000 unless set.</summary>
    public int MaxEvents { get; init; } = 1_000_000;

    /// <summary>How many events came after <see cref="MaxEvents"/>.</summary>
    public long Missing { get; private set; }

    internal IReadOnlyList<ConnectionLog> Connections => _connections.All;

    internal IReadOnlyList<PacketLog> Packets => _packets;

    /// <summary>What hosts and the network were noted to do.</summary>
    internal IReadOnlyList<RecordedEvent> Notes => _notes;

    /// <summary>Says whose address this is. Hosts that send or receive are known by their packets without it.</summary>
    public void AddHost(string name, InternetAddress address) => _hostsByAddress[address] = HostNamed(name);

    /// <summary>A host sent an IP packet.</summary>
    /// <param name="host">The sender.</param>
    /// <param name="ipPacket">The packet, from the IP header; it may be cut off behind the transport header.</param>
    /// <param name="now">When.</param>
    /// <returns>A number for <see cref="PacketDelivered"/> and <see cref="PacketLost"/>; -1 if the packet does not matter here.</returns>
    public int PacketSent(string host, ReadOnlySpan<byte> ipPacket, Timestamp now)
    {
        if (!PacketReader.TryRead(ipPacket, out PacketFacts facts) || !HasRoom()) return -1;
        HostLog sender = Observed(host);
        _hostsByAddress.TryAdd(facts.Source, sender);
        return Add(facts, sender, now);
    }

    /// <summary>
    /// A packet of <see cref="PacketSent"/> reached a host; a second time, if the network duplicated it. To be called before the host's
    /// stack sees the packet, so that what follows from it is recorded after it.
    /// </summary>
    public void PacketDelivered(int id, string host, Timestamp now)
    {
        if (id < 0 || !HasRoom()) return;
        PacketLog packet = _packets[id];
        HostLog receiver = Observed(host);
        if (packet.Facts.Segment is not null) _hostsByAddress.TryAdd(packet.Facts.Destination, receiver);
        Deliver(packet, receiver, now);
    }

    /// <summary>A packet of <see cref="PacketSent"/> will never arrive.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reason">In a word or two: lost, queue full, partition, corrupt, host down.</param>
    /// <param name="now">When.</param>
    public void PacketLost(int id, string reason, Timestamp now)
    {
        if (id >= 0) _packets[id].LostReason = reason;
    }

    /// <summary>A packet arrived whose sender is not watched: a live stack's input.</summary>
    public void PacketArrived(string host, ReadOnlySpan<byte> ipPacket, Timestamp now)
    {
        if (PacketReader.TryRead(ipPacket, out PacketFacts facts)) Arrived(host, facts, now);
    }

    /// <summary>A connection changed its state.</summary>
    public void StateChanged(string host, in StateEvent e)
    {
        if (!HasRoom()) return;
        HostLog log = Telling(host);
        if (IsListener(e.Tuple))
        {
            log.Listeners.Add((_count++, e.Tuple.LocalPort, e.To == TcpState.Listen));
            return;
        }
        ConnectionLog connection = e.To == TcpState.SynSent ? ForOpening(e.Tuple) : _connections.FindOrAdd(e.Tuple);
        connection.Note(e.To);
        connection.Events.Add(
            new() { Index = _count++, Kind = RecordedKind.State, Time = e.Time, Host = log, End = connection.EndOf(e.Tuple), State = e });
    }

    /// <summary>A connection entered a state.</summary>
    public void StateChanged(string host, in FourTuple tuple, TcpState to, Timestamp now, CloseReason reason = CloseReason.None) =>
        StateChanged(host, new StateEvent(now, tuple, to, to, reason));

    /// <summary>A deadline passed and was acted on.</summary>
    public void TimerFired(string host, in TimerEvent e)
    {
        if (IsListener(e.Tuple) || !HasRoom()) return;
        ConnectionLog connection = _connections.FindOrAdd(e.Tuple);
        connection.Events.Add(new()
        {
            Index = _count++,
            Kind = RecordedKind.Timer,
            Time = e.Time,
            Host = Telling(host),
            End = connection.EndOf(e.Tuple),
            Timer = e,
        });
    }

    /// <summary>The application called.</summary>
    public void UserCalled(string host, in UserCallEvent e)
    {
        if (!HasRoom()) return;
        HostLog log = Telling(host);
        if (IsListener(e.Tuple)) return;
        ConnectionLog connection = e.Call == UserCall.Open ? ForOpening(e.Tuple) : _connections.FindOrAdd(e.Tuple);
        connection.Events.Add(
            new() { Index = _count++, Kind = RecordedKind.Call, Time = e.Time, Host = log, End = connection.EndOf(e.Tuple), Call = e });
    }

    /// <summary>A host did not act on the segment that was delivered to it last.</summary>
    public void SegmentDropped(string host, in SegmentEvent e, DropReason reason)
    {
        if (HostNamed(host).LastDelivered is { Facts.Segment: { } segment } packet && segment.Seq == e.Seq && segment.Flags == e.Flags)
            packet.Deliveries[^1].Dropped = reason;
    }

    /// <summary>Something worth a line: an application read the end of the stream, a cable was pulled.</summary>
    /// <param name="host">Where; empty if it concerns the network between the hosts.</param>
    /// <param name="text">What, in a few words.</param>
    /// <param name="now">When.</param>
    public void Note(string host, string text, Timestamp now)
    {
        if (!HasRoom()) return;
        _notes.Add(new()
        {
            Index = _count++,
            Kind = RecordedKind.Note,
            Time = now,
            Host = host.Length == 0 ? null : HostNamed(host),
            Text = text,
        });
    }

    /// <summary>A host forgot everything: its connections are CLOSED and nobody was told (RFC 9293 3.5.1).</summary>
    public void HostCrashed(string host, Timestamp now)
    {
        Note(host, $"{host} crashes", now);
        HostLog log = HostNamed(host);
        foreach (ConnectionLog connection in _connections.All)
        {
            for (int end = 0; end < 2; end++)
            {
                if (HostOf(connection, end) != log || !HasRoom()) continue;
                FourTuple tuple = end == 0 ? connection.Tuple : connection.Tuple.Reversed;
                var state = new StateEvent(now, tuple, TcpState.Closed, TcpState.Closed, CloseReason.None);
                connection.Events.Add(
                    new() { Index = _count++, Kind = RecordedKind.State, Time = now, Host = log, End = end, State = state });
            }
        }
    }

    /// <summary>An observer for a host's stack that tells this recorder states, timers, calls and drops.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="segments">
    /// Whether it tells segments too, for a live stack whose packets nobody else reports; options are not seen this way.
    /// </param>
    public ITcpObserver ObserverFor(string host, bool segments = false)
    {
        HostNamed(host).TellsStates = true;
        return new RecordingObserver(this, host, segments);
    }

    /// <summary>Builds the ladder of what was recorded so far.</summary>
    /// <exception cref="ArgumentException">The options name hosts or a connection that were not seen.</exception>
    public Ladder Build(LadderOptions? options = null) => new LadderBuilder(this, options ?? new LadderOptions()).Build();

    /// <summary>A segment that an observed stack sent to a far end that nobody watches.</summary>
    internal void Left(string host, LadderSegment segment, Timestamp now)
    {
        if (!HasRoom()) return;
        HostLog sender = Observed(host);
        _hostsByAddress.TryAdd(segment.Source, sender);
        Add(new PacketFacts(segment.Source, segment.Destination, segment, "", null), sender, now);
    }

    /// <summary>A segment or message that came from a far end that nobody watches.</summary>
    internal void Arrived(string host, in PacketFacts facts, Timestamp now)
    {
        if (!HasRoom()) return;
        HostLog receiver = Observed(host);
        _hostsByAddress.TryAdd(facts.Destination, receiver);
        int id = Add(facts, HostAt(facts.Source), now);
        Deliver(_packets[id], receiver, now);
    }

    /// <summary>The host at an end of a connection; named by its address if nobody gave it a name.</summary>
    internal HostLog HostOf(ConnectionLog connection, int end) => HostAt(connection.AddressOf(end));

    private static bool IsListener(in FourTuple tuple) => tuple.RemotePort == 0;

    internal HostLog HostAt(InternetAddress address) =>
        _hostsByAddress.TryGetValue(address, out HostLog? host) ? host : HostNamed(address.ToString() ?? "");

    private HostLog HostNamed(string name)
    {
        if (!_hosts.TryGetValue(name, out HostLog? host)) _hosts[name] = host = new HostLog(name);
        return host;
    }

    private HostLog Observed(string name)
    {
        HostLog host = HostNamed(name);
        host.Observed = true;
        return host;
    }

    private HostLog Telling(string name)
    {
        HostLog host = HostNamed(name);
        host.TellsStates = true;
        return host;
    }

    private bool HasRoom()
    {
        if (_count < MaxEvents) return true;
        Missing++;
        return false;
    }

    private ConnectionLog ForOpening(in FourTuple tuple) =>
        _connections.Find(tuple) is { Ended: false } log ? log : _connections.Add(tuple);

    private int Add(in PacketFacts facts, HostLog sender, Timestamp now)
    {
        var packet = new PacketLog(facts, sender, _count++, now);
        if (facts.Segment is { } segment)
        {
            packet.Connection = _connections.FindOrAdd(segment);
            packet.End = packet.Connection.EndOf(segment.Tuple);
            packet.Connection.Note(segment, packet.End);
        }
        else if (facts.Quoted is { } quoted && _connections.Find(quoted) is { } log)
        {
            // An error goes back to the sender of what it quotes, so it comes from the other side, even if a router on the way sent it.
            packet.Connection = log;
            packet.End = 1 - log.EndOf(quoted);
        }
        _packets.Add(packet);
        packet.Connection?.Events.Add(
            new() { Index = packet.Index, Kind = RecordedKind.Sent, Time = now, Host = sender, End = packet.End, Packet = packet });
        return _packets.Count - 1;
    }

    private void Deliver(PacketLog packet, HostLog receiver, Timestamp now)
    {
        var e = new RecordedEvent
        {
            Index = _count++,
            Kind = RecordedKind.Delivered,
            Time = now,
            Host = receiver,
            End = 1 - packet.End,
            Packet = packet,
        };
        receiver.LastDelivered = packet;
        packet.Deliveries.Add(e);
        packet.Connection?.Events.Add(e);
    }
}
