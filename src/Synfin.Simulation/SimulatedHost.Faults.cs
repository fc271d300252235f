using Synfin.Runtime;
using Synfin.Simulation.Faults;
using Synfin.Simulation.Packets;
using Synfin.Sockets;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Simulation;

/// <summary>Faults of one host. Those of segments are rules of the network: <see cref="SimulatedNetwork.AddRule(string)"/>.</summary>
public sealed partial class SimulatedHost
{
    private readonly List<StreamFault> _streamFaults = [];
    private readonly List<ConnectFault> _connectFaults = [];

    /// <summary>How the streams that this host's application writes are cut, in the order of adding.</summary>
    public IReadOnlyList<StreamFault> Faults => _streamFaults;

    /// <summary>
    /// Octets a second that the application may read of each connection; null for no limit. See <see cref="LimitReads"/>.
    /// </summary>
    public long? ReadRate { get; private set; }

    /// <summary>How often a slow reader reads.</summary>
    internal static Duration ReadStep => Duration.FromMilliseconds(100);

    /// <summary>Everything that was placed here to happen.</summary>
    internal IEnumerable<IFault> AllFaults => [.. _streamFaults, .. _connectFaults];

    /// <summary>Cuts what the application here writes, such as <c>partial-rst 100</c>; see <see cref="StreamFaultGrammar.Help"/>.</summary>
    /// <exception cref="RuleSyntaxException">The text cannot be read.</exception>
    public StreamFault AddFault(string fault) => AddFault(StreamFault.Parse(fault));

    /// <summary>Cuts what the application here writes on connections that are made or accepted from now on.</summary>
    /// <exception cref="InvalidOperationException">The fault belongs to a host already, and counts there.</exception>
    public StreamFault AddFault(StreamFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        using StackGate.Visit visit = Network.Enter(nameof(AddFault));
        fault.JoinHost(this);
        _streamFaults.Add(fault);
        return fault;
    }

    /// <summary>Takes a fault away from connections that are made or accepted from now on.</summary>
    /// <returns>Whether it was there.</returns>
    public bool RemoveFault(StreamFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        using StackGate.Visit visit = Network.Enter(nameof(RemoveFault));
        bool wasThere = _streamFaults.Remove(fault);
        if (wasThere) fault.LeaveHost();
        return wasThere;
    }

    /// <summary>
    /// From now on every SYN to a port gets RST, as if nobody listened there; whoever connects is told ConnectionRefused. Connections that
    /// are there go on. Ends with <see cref="ConnectFault.Lift"/>.
    /// </summary>
    /// <param name="port">The port; null for all.</param>
    public ConnectFault Refuse(ushort? port = null) => Place(new ConnectFault(this, port, answers: true));

    /// <summary>
    /// From now on a SYN to a port is lost, as behind a firewall that drops: whoever connects waits until it gives up. Connections that are
    /// there go on; to silence these too, see <see cref="SimulatedLink.Partition"/>. Ends with <see cref="ConnectFault.Lift"/>.
    /// </summary>
    /// <param name="port">The port; null for all.</param>
    public ConnectFault BlackHole(ushort? port = null) => Place(new ConnectFault(this, port, answers: false));

    /// <summary>
    /// A half-open peer: all connections vanish here without a word to the other ends, which learn of it when they send: RST. The host
    /// stays up, and its listeners listen. What its application does with these connections fails, as after <see cref="Crash"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The host is down.</exception>
    public void ForgetConnections()
    {
        using StackGate.Visit visit = Network.Enter(nameof(ForgetConnections));
        if (!IsUp) throw new InvalidOperationException($"host {Name} is down, and has forgotten its connections anyhow");
        Network.Note(Name, $"{Name} forgets its connections");
        Stack.AbortAll(Network.Now);

        // The resets that these aborts queued are sent to nobody.
        _interface.DropsResets = true;
        _observer.IsMuted = true;
        while (Stack.HasOutput) Stack.Output(_interface, Network.Now);
        _observer.IsMuted = false;
        _interface.DropsResets = false;
        HasWork();
    }

    /// <summary>
    /// A slow reader: the application gets at most so many octets a second of virtual time from each connection, a tenth of them every
    /// 100 ms; the receive buffer fills, and the window closes.
    /// </summary>
    /// <param name="octetsPerSecond">At least 1; a step grants at least one octet.</param>
    public void LimitReads(long octetsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(octetsPerSecond);
        SetReadRate(octetsPerSecond, nameof(LimitReads), $"{Name} reads {octetsPerSecond} octets/s at most");
    }

    /// <summary>The application reads nothing any more: its reads wait, whatever arrives, until <see cref="ResumeReads"/>.</summary>
    public void StallReads() => SetReadRate(0, nameof(StallReads), $"{Name} stops reading");

    /// <summary>Ends <see cref="StallReads"/> and <see cref="LimitReads"/>.</summary>
    public void ResumeReads() => SetReadRate(null, nameof(ResumeReads), $"{Name} reads on");

    internal void Lift(ConnectFault fault) => _connectFaults.Remove(fault);

    private ConnectFault Place(ConnectFault fault)
    {
        using StackGate.Visit visit = Network.Enter(fault.Answers ? nameof(Refuse) : nameof(BlackHole));
        _connectFaults.Add(fault);
        return fault;
    }

    private void SetReadRate(long? rate, string call, string note)
    {
        using StackGate.Visit visit = Network.Enter(call);
        Network.Note(Name, note);
        ReadRate = rate;
        if (!IsUp) return;
        List<TcpConnection> handles = [];
        Stack.ForEachConnection(connection =>
        {
            if (connection.Owner is TcpConnection handle) handles.Add(handle);
        });
        foreach (TcpConnection handle in handles)
        {
            handle.Hook ??= new HostHook(this, handle, cut: null);
            handle.ContinueReads();
        }
        HasWork();
    }

    /// <summary>What stands between the application and a new connection.</summary>
    private HostHook? MakeHook(TcpConnection connection)
    {
        StreamFault? decided = null;
        foreach (StreamFault fault in _streamFaults)
        {
            if (fault.IsMeantFor(connection.Tuple.LocalPort)) decided ??= fault;
        }
        if (decided is null && ReadRate is null) return null;
        return new HostHook(this, connection, decided is null ? null : new StreamCut(decided, this, connection));
    }

    /// <summary>Whether a packet is a SYN that a fault took.</summary>
    private bool IsTaken(SimulatedPacket packet)
    {
        if (_connectFaults.Count == 0 || !PacketView.TryParse(packet.Octets.Span, out PacketView view)) return false;
        if (!view.IsTcp || !view.Has(TcpFlags.Syn) || view.Has(TcpFlags.Ack)) return false;
        foreach (ConnectFault fault in _connectFaults)
        {
            if (!fault.TakesSynTo(view.DestinationPort)) continue;
            if (fault.Answers) AnswerWithReset(packet, in view);
            else Network.Lose(packet, "black hole");
            return true;
        }
        return false;
    }

    /// <summary>As 3.10.7.1 answers where nobody listens.</summary>
    private void AnswerWithReset(SimulatedPacket syn, in PacketView view)
    {
        Network.RecordDelivered(syn, this);
        FourTuple tuple = view.FromSender.Reversed;
        RawSegment reset = RawSegment.From(in tuple) with
        {
            Flags = TcpFlags.Rst | TcpFlags.Ack,
            Ack = view.Seq + view.Len,
            Wnd = 0,
        };
        Emit(new SimulatedPacket(Name, view.Source, reset.Build(), wireSegments: 1));
    }
}
