using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Urgent data (RFC 9293 3.8.5, RFC 6093). On the wire the pointer is one past the last urgent octet (MUST-62). The application has both
/// readings: in the stream with a mark (recommended), or BSD's single out-of-band octet, which is the last one before the mark.
/// </summary>
public sealed partial class TcpConnection
{
    private byte _outOfBand;

    /// <summary>Octets of urgent data left to read (MUST-33); 0 if none.</summary>
    public int UrgentRemaining => Has(ConnectionFlags.UrgentToRead) ? Math.Max(0, Rcv.Up - Rcv.Read) : 0;

    private bool OutOfBandUnread => Has(ConnectionFlags.OutOfBandReady);

    private SequenceNumber Mark => Rcv.Up - 1;

    /// <summary>Takes the out-of-band octet, if <see cref="Stack.TcpConnectionOptions.UrgentInline"/> is off and one is there.</summary>
    public TcpError ReceiveUrgent(Timestamp now, out byte octet)
    {
        _stack.Advance(now);
        octet = _outOfBand;
        if (!Has(ConnectionFlags.OutOfBandReady)) return TcpError.WouldBlock;
        Clear(ConnectionFlags.OutOfBandReady);
        return TcpError.None;
    }

    /// <summary>3.10.7.4, sixth: RCV.UP &lt;- max(RCV.UP, SEG.UP), and the user is told (MUST-32).</summary>
    private void UrgentPointerArrives(in Segment seg)
    {
        SequenceNumber pointer = seg.Seq + seg.Up;
        bool advances = Has(ConnectionFlags.UrgentToRead) ? pointer > Rcv.Up : pointer > Rcv.Read;
        if (!advances || pointer <= Rcv.Read) return; // a pointer of 0, or into what was read, announces nothing (CVE-2019-12255)
        Rcv.Up = pointer;
        Set(ConnectionFlags.UrgentToRead);
        Clear(ConnectionFlags.OutOfBandTaken);
        Signal(TcpSignals.Urgent);
        CaptureOutOfBand(); // if the octet came before its announcement
    }

    /// <summary>
    /// Copies the out-of-band octet aside once it has arrived in order; a later mark leaves the earlier one in the stream.
    /// </summary>
    private void CaptureOutOfBand()
    {
        if (Options.UrgentInline || !Has(ConnectionFlags.UrgentToRead) || Has(ConnectionFlags.OutOfBandTaken)) return;
        int offset = Mark - Rcv.Read;
        if (offset < 0 || offset >= ReceiveText.Length) return;
        ReceiveText.CopyTo(offset, new Span<byte>(ref _outOfBand));
        Set(ConnectionFlags.OutOfBandTaken | ConnectionFlags.OutOfBandReady);
        Signal(TcpSignals.Urgent);
        SkipOutOfBand();
    }

    /// <summary>How much can be read without crossing the mark.</summary>
    private int ReadableBeforeMark()
    {
        int readable = ReceiveText.Length;
        if (readable == 0 || Options.UrgentInline || !Has(ConnectionFlags.OutOfBandTaken)) return readable;
        int toMark = Mark - Rcv.Read;
        return toMark > 0 ? Math.Min(readable, toMark) : readable;
    }

    /// <summary>The reader stands at the mark: the octet there was handed out apart.</summary>
    private void SkipOutOfBand()
    {
        if (!Has(ConnectionFlags.OutOfBandTaken) || Rcv.Read != Mark || ReceiveText.Length == 0) return;
        ReceiveText.Discard(_stack.Pages, 1);
        Rcv.Read += 1;
        Clear(ConnectionFlags.OutOfBandTaken | ConnectionFlags.UrgentToRead);
    }
}
