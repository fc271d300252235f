namespace Synfin.Oracle.Tests.Comparing;

/// <summary>The differences between Linux and Synfin that are meant. Each has a heading in docs/linux-differences.md.</summary>
internal static partial class LinuxDifferences
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("Options of a crossing SYN,ACK", OptionsOfCrossingSyn, GoesOn: true),
        new("The SYN again after a bad ACK", SynAgain, GoesOn: true),
        new("SEND before ESTABLISHED", SendBeforeEstablished),
        new("Half-close in SYN-SENT", HalfCloseInSynSent),
        new("Text and FIN on a SYN", TextOnSyn),
        new("A SYN with FIN", SynWithFin),
        new("A bad ACK in SYN-RECEIVED", BadAckInSynReceived, GoesOn: true),
        new("An ACK of nothing after crossing SYNs", AckOfNothing),
        new("A new SYN in SYN-RECEIVED", NewSynInSynReceived),
        new("CLOSE in SYN-RECEIVED", CloseInSynReceived),
        new("The second SYN of a simultaneous open", SecondSyn),
        new("Neither ACK, RST nor SYN", NoFlagOfUse, GoesOn: true),
        new("A RST at the rim of the window", ResetAtRim, GoesOn: true),
        new("A segment at the rim of the window", SegmentAtRim),
        new("Text over the right edge", TextOverEdge),
        new("Text with an ACK that is too old", TextWithOldAck),
        new("A missing timestamp", MissingTimestamp),
        new("A RST with an old timestamp", ResetWithOldTimestamp),
        new("An old ACK with an old timestamp", OldAckWithOldTimestamp, GoesOn: true),
        new("TS.Recent and an old ACK", RecentAndOldAck, GoesOn: true),
        new("Text after the peer's FIN", TextAfterFin),
        new("A FIN in the midst of text", FinBeforeText),
        new("The FIN's number in SACK blocks", FinInSack, GoesOn: true),
        new("DSACK on the ACK of a FIN", DsackWithFin),
        new("DSACK of what never came", ForeignDsack, GoesOn: true),
        new("SACK blocks on a RST", SackOnReset, GoesOn: true),
        new("An error is told once", ErrorToldOnce, GoesOn: true),
        new("The error of a RST", ErrorOfReset, GoesOn: true),
        new("SACK blocks after CLOSE", SackAfterClose),
        new("Text before a FIN that does not fit", TextBeforeFin),
        new("Room to send", RoomToSend),
        new("ABORT in TIME-WAIT", AbortInTimeWait),
        new("ABORT with unread text in LAST-ACK", AbortInLastAck),
        new("What counts against the limit of answers", LimitOfAnswers),
        new("The window of a late segment", WindowOfLateSegment),
        new("A window that was always small", SmallWindow),
        new("PSH", PushInTheMidst, GoesOn: true),
    ];

    /// <summary>The first rule that allows a difference.</summary>
    public static Rule? Explain(this IReadOnlyList<Rule> rules, Difference difference) =>
        rules.FirstOrDefault(rule => rule.Allows(difference));
}
