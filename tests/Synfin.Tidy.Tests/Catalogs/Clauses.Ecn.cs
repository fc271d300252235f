namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>What the RFCs beside 9293 ask of a TCP, clause by clause, in our own words and with ids of ours.</summary>
public static partial class Clauses
{
    private static Clause[] Ecn =>
    [
        new("RFC3168-1", "6.1.1", "MUST",
            "ECN is used only if a SYN with ECE and CWR is answered by a SYN,ACK, or crossed by a SYN, that agrees"),
        new("RFC3168-2", "6.1.1", "MUST",
            "All other combinations of flags in a SYN or SYN,ACK are no ECN, and then ECE, CWR and CE mean nothing"),
        new("RFC3168-3", "6.1.1.1", "MAY", "A SYN that is sent again does not ask; an end that did not ask, once, sets no ECT"),
        new("RFC3168-4", "6.1.5", "MUST NOT", "What is sent again has no ECT"),
        new("RFC3168-5", "6.1.4", "MUST NOT", "ACKs without text have no ECT"),
        new("RFC3168-6", "6.1.3", "MUST", "After text with CE all ACKs have ECE until text with CWR comes"),
        new("RFC3168-7", "6.1.2", "MUST", "ECE reduces the window as a loss does, once a round trip, and the next new text has CWR"),
        new("RFC3168-8", "6.1.6", "MUST NOT", "A window probe has neither ECT nor CWR"),
        new("RFC3168-9", "6.1.5", "SHOULD", "CE on text outside of the window is ignored"),
        new("RFC3168-10", "6.1.2", "SHOULD", "ECE and losses of the same round trip reduce the window once"),
    ];
}
