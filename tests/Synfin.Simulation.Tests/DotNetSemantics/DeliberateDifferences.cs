namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>
/// Where Synfin does not do as the kernel does, on purpose. An entry that no longer differs fails a test; docs/dotnet.md has them all.
/// </summary>
internal static class DeliberateDifferences
{
    private const string Reset = "IOException < SocketException(ConnectionReset)";
    private const string Shutdown = "IOException < SocketException(Shutdown)";

    private const string ToldAgain = "a failure stays one: the kernel tells it once, and what follows looks like an orderly end";
    private const string NoFinFirst =
        "NetworkStream sends FIN before the RST, so the peer takes lost data for an orderly end (RFC 2525 2.17)";
    private const string OneAtATime = "two at once give an order that nobody chose: a mistake that is worth an exception";
    private const string SaysWhere = "the code is the same, and the message says where and what to do";

    public static IReadOnlyList<Difference> All { get; } =
    [
        new("Opening: connect: port 0", "connect", "SocketException(ConnectionRefused)", "SocketException(AddressNotAvailable)",
            "nobody can listen there, so no packet is sent; Windows has the same code"),
        new("Opening: listen: address in use", "a second listener", "Address already in use",
            "Address already in use (PEER: another listener of this stack has it: close that one, or take port 0 for a free one)",
            SaysWhere),
        new("Opening: listen: not our address", "listen", "Cannot assign requested address",
            "Cannot assign requested address (PEER: the stack has no such address)", SaysWhere),
        new("Ended by the peer: RST while a read waits", "second read", "0", Reset, ToldAgain),
        new("Ended by the peer: RST while a read waits", "third read", "0", Reset, ToldAgain),
        new("Ended by the peer: RST before a read", "second read", "0", Reset, ToldAgain),
        new("Ended by the peer: RST before a read", "write", Shutdown, Reset, ToldAgain),
        new("Ended by the peer: RST, then writes", "second write", Shutdown, Reset, ToldAgain),
        new("Ended by the peer: RST, then writes", "read", "0", Reset, ToldAgain),
        new("Ended by the peer: peer disposed with unread data", "read", "0", Reset, NoFinFirst),
        new("Ended here: half-close after RST", "half-close", "done", Reset,
            "who half-closes wants the peer to know that this was all, and it never will"),
        new("Ended here: dispose with unread data", "the peer reads", "0", Reset, NoFinFirst),
        new("Calls: read: zero octets, RST", "read", "0", Reset, "told at once, not by the next read"),
        new("Calls: two reads at once", "the second", "\"b\"", "InvalidOperationException", OneAtATime),
        new("Calls: two writes at once", "the second", "done", "InvalidOperationException", OneAtATime),
        new("Calls: blocking Read: dispose", "Read", "IOException < SocketException(ConnectionAborted)",
            "IOException < SocketException(OperationAborted)", "blocking and asynchronous calls have the same code"),
        new("Calls: BeginRead, EndRead, BeginWrite, EndWrite", "EndRead of another's", "IOException < ArgumentException(asyncResult)",
            "ArgumentException(asyncResult)", "a mistake of the caller, not of the network"),
        new("Time-outs: write: never acknowledged", "write", Shutdown, "IOException < SocketException(TimedOut)", ToldAgain),
    ];
}
