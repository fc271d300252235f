using Synfin.Drill.Language;
using Synfin.Wire;

namespace Synfin.Drill.Running;

/// <summary>One connection of a script (or one pair of UDP ports): what it is called in the script and on the wire.</summary>
internal sealed class Flow
{
    /// <summary>Its place in the order of appearance.</summary>
    public required int Index { get; init; }

    /// <summary>See <see cref="IpProtocol"/>.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Both ends on the wire, from the stack under test.</summary>
    public required FourTuple Tuple { get; init; }

    /// <summary>The script's number for the local port; null until a line names it.</summary>
    public int? ScriptLocalPort { get; set; }

    /// <summary>The script's number for the remote port; null until a line names it.</summary>
    public int? ScriptRemotePort { get; set; }

    /// <summary>The numbers that the stack under test chose. The peer's are the script's own.</summary>
    public SequenceMap Sent { get; } = new();

    /// <summary>The timestamps of the stack under test.</summary>
    public TimestampMap Timestamps { get; } = new();

    /// <summary>The number of the peer's last SYN.</summary>
    public uint? RemoteSyn { get; set; }

    /// <summary>The segment that the stack sent last, for ICMP to quote.</summary>
    public byte[]? LastSent { get; set; }

    /// <summary>Whether a line's ports are this flow's, or may be: what no line has named yet fits every name.</summary>
    public bool Fits(int localPort, int remotePort) =>
        (ScriptLocalPort ?? localPort) == localPort && (ScriptRemotePort ?? remotePort) == remotePort;

    /// <summary>Whether a line's ports are this flow's for certain.</summary>
    public bool IsNamed(int localPort, int remotePort) => ScriptLocalPort == localPort && ScriptRemotePort == remotePort;
}
