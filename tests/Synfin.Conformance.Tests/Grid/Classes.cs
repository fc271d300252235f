using Synfin.Conformance.Tests.Transcription;

namespace Synfin.Conformance.Tests.Grid;

/// <summary>The classes of each field of a segment, for a TCB: the numbers around every edge that a rule of RFC 9293 3.10.7 has.</summary>
internal static class Classes
{
    /// <summary>SEG.WND of all segments: neither of the windows that led to the setting, so that an update can be seen.</summary>
    public const uint Wnd = 30_000;

    /// <summary>SEG.UP of all segments with URG.</summary>
    public const uint Up = 5;

    /// <summary>Octets of text: none, one, several, more than the window takes.</summary>
    public static IEnumerable<int> Texts(ControlBlock tcb) => new[] { 0, 1, 100, (int)Math.Max(tcb.RcvWnd, 100) + 2 };

    /// <summary>SEG.SEQ: an old one, before and across either edge of the window, on it, within and beyond it.</summary>
    public static IEnumerable<uint> Seqs(ControlBlock tcb, uint length)
    {
        uint left = tcb.RcvNxt, right = tcb.RcvNxt + tcb.RcvWnd;
        uint[] all =
        [
            left - 100_000, // well before the window
            tcb.Irs, // the peer's SYN again
            left - length - 1, // an old duplicate
            left - length, // ends where the window begins
            left - 1, // straddles the left edge by one, or was the FIN's number
            left - (length / 2), // straddles the left edge
            left,
            left + 10, // inside, behind a gap
            right - length, // ends with the window
            right - 1, // the last octet of the window
            right, // at the edge
            right + 1 - length, // straddles the right edge by one
            right - (length / 2), // straddles the right edge
            right + 100_000, // beyond
        ];
        return all.Distinct();
    }

    /// <summary>SEG.ACK: too old, old, a duplicate, of a part, of all, of more than was sent.</summary>
    public static IEnumerable<uint> Acks(ControlBlock tcb)
    {
        uint[] all =
        [
            tcb.SndUna - tcb.MaxSndWnd - 1, // older than RFC 5961 5.2 accepts
            tcb.SndUna - tcb.MaxSndWnd, // the oldest that it accepts
            tcb.SndUna - 100,
            tcb.SndUna - 1,
            tcb.SndUna, // a duplicate
            tcb.SndUna + 1,
            tcb.SndNxt - 1, // all but the last number: all but the FIN
            tcb.SndNxt, // all: our SYN, our FIN
            tcb.SndNxt + 1, // just too new
            tcb.SndNxt + 100_000, // far too new
        ];
        return all.Distinct();
    }

    /// <summary>TSval: none, if timestamps are not used.</summary>
    public static IEnumerable<uint?> TsVals(Setting setting) =>
        setting.Timestamps ? [Settings.TsVal, Settings.TsVal + 1, Settings.TsVal - 1, null] : [null];

    /// <summary>All segments of a setting.</summary>
    public static IEnumerable<IncomingSegment> Segments(Setting setting, ControlBlock tcb)
    {
        for (int bits = 0; bits < 64; bits++)
        {
            var flags = (ControlBits)bits;
            uint up = (flags & ControlBits.Urg) != 0 ? Up : 0;
            IEnumerable<uint> acks = (flags & ControlBits.Ack) != 0 ? Acks(tcb) : [0u];
            foreach (int text in Texts(tcb))
            {
                var shape = new IncomingSegment(flags, 0, 0, text, Wnd, up);
                foreach (uint seq in Seqs(tcb, shape.Len))
                {
                    foreach (uint ack in acks)
                    {
                        foreach (uint? ts in TsVals(setting)) yield return shape with { Seq = seq, Ack = ack, TsVal = ts };
                    }
                }
            }
        }
    }
}
