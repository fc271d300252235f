namespace Synfin.Tidy.Tests.Catalogs;

/// <summary>What the project is about: TCP's opening and closing, statement by statement, and where each is seen and proved.</summary>
public static class Statements
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Statement> All { get; } =
    [
        new("1", "SYN opens, ACK makes the acknowledgment number count, PSH hurries, FIN ends a direction, RST ends all, URG marks",
            ["exchange", "urgent", "abort"]),
        new("2", "Sequence numbers count octets; SYN and FIN take one each, an ACK none; an acknowledgment names the next octet expected",
            ["exchange", "handshake"]),
        new("3", "The SYNs carry no text; the third segment of the handshake may", ["exchange", "handshake"]),
        new("4", "Text becomes a segment, a packet, a frame on the way down, and loses the headers on the way up", [],
            WhyNoScenario: "all: `--pcap` writes the packets with their headers; frames come with the real network"),
        new("5", "Three segments open: (x, 0), (y, x+1), (x+1, y+1), and the states with them, from CLOSED and LISTEN to ESTABLISHED",
            ["handshake"]),
        new("6", "After each of the three somebody knows more of who can send and receive; windows are exchanged on the way",
            ["handshake"]),
        new("7", "The server pays for a connection at the second segment, so SYNs can flood it; cookies answer that", ["syn-flood"]),
        new("8", "Why three: a SYN that is long out of date must not open a connection", ["stale-syn"]),
        new("9", "A SYN, SYN,ACK or ACK that is lost is made good by timers",
            ["lost-syn", "lost-syn-ack", "lost-handshake-ack"]),
        new("10", "Either side may open, and both at once make one connection", ["simultaneous-open"]),
        new("11", "Four segments close: FIN, ACK, FIN, ACK, each with its states, and 2MSL at the side that closed first", ["close"]),
        new("12", "Why four: each direction closes alone. If nothing is left to send, the ACK and the FIN ride together and three do",
            ["close-three-segments", "half-close"]),
        new("13", "FIN-WAIT-2 and CLOSE-WAIT last for as long as the other application takes", ["half-close"]),
        new("14", "A lost ACK of the first FIN, or a lost last ACK, brings the FIN again; TIME-WAIT is there to answer it",
            ["lost-fin", "lost-fin-ack", "lost-last-ack"]),
        new("15", "Why 2MSL: for the last ACK to be made good, and for old segments to die before the ports are used again",
            ["time-wait", "lost-last-ack"]),
        new("16", "FINs that cross lead both sides over CLOSING to TIME-WAIT", ["simultaneous-close"]),
        new("17", "Applications do it: close() sends the FIN, the peer reads the end of the stream, its close() sends the other",
            ["close", "half-close"]),
        new("18", "RST ends at once and throws away what waits; it answers a closed port, and an end that has forgotten the connection",
            ["refused", "half-open", "abort", "close-with-unread-data"]),
        new("19", "The urgent pointer marks what should be seen to before the rest", ["urgent"]),
        new("20", "HTTP opens a connection for each request, or keeps one for many", ["request", "http"]),
        new("21", "Wireshark and tcpdump show the segments, netstat the states", [],
            WhyNoScenario: "all: the ladder shows the states; `--pcap` writes what Wireshark reads"),
        new("22", "Octets arrive once, in order and all, over a network that loses, delays, repeats and reorders",
            ["reliability", "storm", "zero-window", "retransmission-timeout", "keep-alive"]),
    ];
}
