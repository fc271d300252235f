namespace Synfin.Stack;

/// <summary>How much of the free receive buffer is offered to the peer, and when (RFC 9293 3.8.6.2.2).</summary>
public enum ReceiveWindowRule : byte
{
    /// <summary>All that is free, in steps that are not silly (MUST-39).</summary>
    Free,

    /// <summary>As Linux: it begins with half of the buffer and grows with what arrives; rounded up to a unit of the scale.</summary>
    Linux,

    /// <summary>As FreeBSD: all that is free of a buffer that is rounded up to full segments; nothing if that is silly.</summary>
    FreeBsd,
}
