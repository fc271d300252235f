namespace Synfin.Oracle.Tests.Scripts;

/// <summary>Scripts by hand that show listed differences which chance finds seldom.</summary>
internal static class Witnesses
{
    private const string Syn = "> S seq irs+0 mss 1460";
    private const string Ack = "> . seq rcv+0 ack snd+0";
    private const string Fin = "> F. seq rcv+0 ack snd+0";
    private const string SynWithAll = "> S seq irs+0 mss 1460 ws 2 sackOK ts 0";
    private const string AckWithClock = "> . seq rcv+0 ack snd+0 ts 0";

    public static IReadOnlyList<Script> All { get; } =
    [
        Script.Parse("abort with unread text", "listen", Syn, Ack, "> F. seq rcv+0 ack snd+0 len 500", "shutdown", "abort"),
        Script.Parse("half-close in SYN-SENT", "connect", "shutdown"),
        Script.Parse("RST with an old timestamp", "listen", SynWithAll, "> R. seq rcv+0 ack snd+0 ts -100000"),
        Script.Parse("CLOSE with a gap", "listen", SynWithAll, AckWithClock, "> P. seq rcv+100 ack snd+0 len 100 ts 0", "close"),
        Script.Parse("window that opens", "listen", SynWithAll, "> F. seq rcv+0 ack snd+0 win 0 ts 0", "send 3000", AckWithClock),
        Script.Parse("no room for the FIN", "listen", Syn, "> . seq rcv+0 ack snd+0 win 0", "send 100", "shutdown", Ack + " win 100"),
        Script.Parse("duplicate with FIN", "listen", SynWithAll, AckWithClock, "> F. seq rcv-1 ack snd+0 len 10 ts 0"),
        Script.Parse("window of four", "listen", SynWithAll, "> F. seq sent+2920 ack snd+0 win 1 len 100 ts 0", "send 3000"),
        Script.Parse("RST in CLOSE-WAIT", "listen", Syn, Ack, Fin, "> R. seq rcv+0 ack snd+0", "send 10"),
    ];
}
