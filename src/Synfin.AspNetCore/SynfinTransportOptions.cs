using Synfin.Stack;

namespace Synfin.AspNetCore;

/// <summary>How Kestrel uses a stack.</summary>
public sealed class SynfinTransportOptions
{
    /// <summary>How many connections may wait to be accepted, and how many may be half-open. 512 unless set.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>What connections start with; null for the stack's defaults with Nagle's algorithm off.</summary>
    public TcpConnectionOptions? ConnectionOptions { get; set; }
}
