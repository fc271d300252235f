namespace Synfin.Conformance.Tests.Grid;

/// <summary>The events of RFC 9293 3.10; CLOSE in the two forms that the engine has.</summary>
internal enum EventKind
{
    SegmentArrives,
    PassiveOpen,
    ActiveOpen,
    Send,
    Receive,
    Close,
    CloseBothHalves,
    Abort,
    Status,
    UserTimeout,
    RetransmissionTimeout,
    TimeWaitTimeout,
}
