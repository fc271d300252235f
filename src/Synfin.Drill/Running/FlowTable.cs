using System.Collections.Generic;
using Synfin.Drill.Language;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>
/// The connections of a script. Lines without ports are about the connection under test: the one that the last listen, connect or line with
/// ports began.
/// </summary>
/// <param name="addresses">The addresses of the run.</param>
internal sealed class FlowTable(DrillAddresses addresses)
{
    /// <summary>The remote ports of connections whose lines name none.</summary>
    private const int FirstRemotePort = 49_152;

    private readonly List<Flow> _flows = [];
    private int _firstOfCurrent;
    private int _remotePorts;
    private bool _connecting;
    private (Flow? Current, int First) _before;

    /// <summary>The connection under test, or null if a call has asked for a new one that no packet has begun.</summary>
    public Flow? Current { get; private set; }

    /// <summary>The local port of the last listen or bind.</summary>
    public ushort LocalPort { get; private set; } = addresses.BindPort;

    /// <summary>The next packet in begins a connection to this port.</summary>
    public void Listening(ushort port)
    {
        LocalPort = port;
        Current = null;
        _firstOfCurrent = _flows.Count;
        _connecting = false;
    }

    /// <summary>The next SYN out begins a connection.</summary>
    public void Connecting()
    {
        _before = (Current, _firstOfCurrent);
        Current = null;
        _firstOfCurrent = _flows.Count;
        _connecting = true;
    }

    /// <summary>A connect failed at once: the connection under test is the one before.</summary>
    public void NotConnecting()
    {
        if (!_connecting) return; // its SYN went out
        _connecting = false;
        (Current, _firstOfCurrent) = _before;
    }

    /// <summary>A datagram socket was bound or connected: its packets are under test.</summary>
    public void Bound(ushort port)
    {
        LocalPort = port;
        Current = null;
        _firstOfCurrent = _flows.Count;
    }

    /// <summary>Whose packet a line of the script's is that goes in; one that begins a connection is added.</summary>
    public Flow ForInbound(byte protocol, int? remotePort, int? localPort)
    {
        if (remotePort is { } remote && localPort is { } local)
        {
            Flow? flow = Find(f => f.Protocol == protocol && f.IsNamed(local, remote))
                ?? Find(f => f.Protocol == protocol && f.Fits(local, remote));
            flow ??= Add(protocol, new FourTuple(addresses.Local, (ushort)local, addresses.Remote, (ushort)remote));
            return Name(flow, local, remote);
        }
        if (Current is { } current && current.Protocol == protocol) return current;
        // A datagram socket that is connected hears its peer alone.
        ushort chosen = protocol == IpProtocol.Udp ? addresses.ConnectPort : (ushort)(FirstRemotePort + _remotePorts++);
        return Current = Add(protocol, new FourTuple(addresses.Local, LocalPort, addresses.Remote, chosen));
    }

    /// <summary>Whether a packet that came is what a line of the script's is about.</summary>
    public bool IsFor(Flow flow, byte protocol, int? localPort, int? remotePort)
    {
        if (flow.Protocol != protocol) return false;
        if (localPort is not { } local || remotePort is not { } remote)
            return Current is { } current && current.Protocol == protocol ? flow == current : flow.Index >= _firstOfCurrent;
        return Find(f => f.Protocol == protocol && f.IsNamed(local, remote)) is { } named ? flow == named : flow.Fits(local, remote);
    }

    /// <summary>A line of the script's took a packet of this flow.</summary>
    public void Taken(Flow flow, int? localPort, int? remotePort)
    {
        if (localPort is { } local && remotePort is { } remote) Name(flow, local, remote);
        else Current = flow;
    }

    /// <summary>Finds, or begins, the flow of a packet that came.</summary>
    public Flow ForOutbound(LivePacket packet)
    {
        FourTuple tuple = packet.Tuple;
        Flow? flow = FindLast(f => f.Protocol == packet.Protocol && f.Tuple == tuple);
        bool begins = _connecting && packet.IsOpeningSyn;
        if (flow is not null && !(begins && flow.Index < _firstOfCurrent)) return flow;
        flow = Add(packet.Protocol, tuple);
        if (begins)
        {
            Current = flow;
            _connecting = false;
        }
        return flow;
    }

    private Flow Name(Flow flow, int local, int remote)
    {
        flow.ScriptLocalPort = local;
        flow.ScriptRemotePort = remote;
        return Current = flow;
    }

    private Flow Add(byte protocol, FourTuple tuple)
    {
        var flow = new Flow { Index = _flows.Count, Protocol = protocol, Tuple = tuple };
        _flows.Add(flow);
        return flow;
    }

    private Flow? Find(System.Predicate<Flow> which) => _flows.Find(which);

    private Flow? FindLast(System.Predicate<Flow> which) => _flows.FindLast(which);
}
