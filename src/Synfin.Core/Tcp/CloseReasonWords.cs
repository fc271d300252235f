namespace Synfin.Tcp;

/// <summary>Close reasons in words.</summary>
public static class CloseReasonWords
{
    /// <summary>Who ended the connection and how, as a clause without a full stop.</summary>
    public static string Describe(this CloseReason reason) => reason switch
    {
        CloseReason.None => "it has not ended",
        CloseReason.LocalClose => "both sides closed in order, this one first",
        CloseReason.RemoteClose => "both sides closed in order, the peer first",
        CloseReason.SimultaneousClose => "both sides closed in order, at the same time",
        CloseReason.LocalAbort => "this side's application aborted it with a reset",
        CloseReason.LocalReset => "this side reset it: its application had closed and left data unread",
        CloseReason.RemoteReset => "the peer reset it",
        CloseReason.Refused => "the peer refused it: nobody listens there",
        CloseReason.RetransmissionTimeout => "the peer did not acknowledge what was sent to it, until this side gave up",
        CloseReason.KeepAliveTimeout => "the peer did not answer keep-alive probes",
        CloseReason.FinWait2Timeout => "this side had closed, and the peer did not close in time",
        CloseReason.Unreachable => "the network reported that the peer cannot be reached",
        CloseReason.ResourceLimit => "this side reset it: a limit on its resources was reached",
        CloseReason.LingerTimeout => "this side reset it: its lingering close ran out of time",
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether all that both sides had sent was delivered and acknowledged.</summary>
    public static bool IsOrderly(this CloseReason reason) =>
        reason is CloseReason.LocalClose or CloseReason.RemoteClose or CloseReason.SimultaneousClose;
}
