using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// Linux hands its link several segments at a time, as many as a millisecond of its pace carries (tcp_tso_autosize), and sets PSH on the
/// last of several, so that the receiver's joining of segments ends there. Where such a burst ends is so without such a link, too.
/// </summary>
public sealed partial class TcpConnection
{
    private const int LargestBurst = 65_536;
    private const int SmallestBurst = 2;

    /// <summary>Whether new text is the last segment of a burst of several.</summary>
    private bool EndsBurst(LinuxDetails linux, SequenceNumber seq, SequenceNumber end)
    {
        if (seq < linux.BurstStart || seq >= linux.BurstEnd) BeginBurst(linux, seq);
        return end == linux.BurstEnd && end - linux.BurstStart > CurrentMss;
    }

    /// <summary>Whether text that goes again is the last of several segments of a burst: its end, or all that cwnd lets go of it.</summary>
    private bool EndsRepeatedBurst(LinuxDetails linux, SequenceNumber seq, SequenceNumber end)
    {
        bool several = linux.AgainEnd == seq || end - seq > CurrentMss;
        bool whole = linux.Bursts.Contains(end);
        linux.AgainEnd = whole ? Snd.Iss : end;
        if (!several || Has(ConnectionFlags.ProbeTail)) return false;
        return whole || _congestion.Window - Pipe() - (end - seq) < Snd.Mss;
    }

    private void BeginBurst(LinuxDetails linux, SequenceNumber seq)
    {
        int mss = CurrentMss;
        int window = _congestion.Window / Snd.Mss;
        int room = (_congestion.Window - Pipe()) / Snd.Mss;
        int segments = Math.Min(Math.Min(Math.Max(window / 2, 1), Math.Max(room, 1)), BurstSegments(window));
        if (Has(ConnectionFlags.UrgentToSend)) segments = 1;
        int text = Math.Min(Math.Min(SendTextEnd - seq, Snd.Una + Snd.Wnd - seq), linux.Pushes.LeftInUnit(seq));
        int burst = segments * mss;
        if (burst > text)
        {
            bool partGoes = !Options.Cork && (Options.NoDelay || Snd.Sml <= Snd.Una || Has(ConnectionFlags.FinQueued));
            burst = partGoes ? text : text / mss * mss;
        }
        linux.BurstStart = seq;
        linux.BurstEnd = seq + Math.Max(burst, 1);
        linux.Bursts.Mark(linux.BurstEnd);
    }

    private int BurstSegments(int window)
    {
        long most = LargestBurst / Snd.Mss;
        long octets = LargestBurst;
        if (_rtt.HasSample && _rtt.Srtt.Nanoseconds > 0)
        {
            // A 1024th of a second at the pace: twice cwnd a round trip at first, later 1.2 times.
            long perRound = (long)window * Snd.Mss * (_congestion.Window < _congestion.SlowStartThreshold / 2 ? 200 : 120) / 100;
            octets = perRound * 1_000_000 / Math.Max(1, _rtt.Srtt.Nanoseconds / 1_000) / 1024;
            long rounds = MinimumRoundTrip.Nanoseconds / 1_000 >> 9; // near peers get more at a time
            if (rounds < 32) octets += LargestBurst >> (int)rounds;
        }
        return (int)Math.Max(SmallestBurst, Math.Min(most, octets / Snd.Mss));
    }
}
