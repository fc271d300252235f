using Synfin.Stack;

namespace Synfin.Tcp;

/// <summary>RFC 9937: in fast recovery the window follows what is delivered, so that it is ssthresh at the end and never stalls.</summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 9937 6: fast recovery begins.</summary>
    private void StartReduction(int flightSize, in AckOutcome outcome)
    {
        Flight flight = _flight!;
        int before = _congestion.Window;
        _congestion.EnterRecovery(flightSize, Snd.Mss);
        if (Profile.RateReduction is RateReduction.None) return;
        // What was sacked before will not be delivered in this recovery; what this ACK tells of will be counted.
        int recoverable = FlightSize - (flight.SackedOctets - outcome.Sacked) + outcome.Acknowledged;
        flight.ReductionFrom = Math.Max(Snd.Mss, Profile.RateReduction is RateReduction.Proportional ? recoverable : before);
        flight.ReductionDelivered = 0;
        flight.ReductionOut = 0;
        _congestion.Window = Math.Max(Snd.Mss, Pipe()); // until the first reduction says how much more may go
    }

    /// <summary>RFC 9937 6, at each acknowledgment in fast recovery.</summary>
    private void ReduceProportionally(in AckOutcome outcome)
    {
        if (Profile.RateReduction is RateReduction.None || outcome.Delivered <= 0) return;
        Flight flight = _flight!;
        int mss = Snd.Mss;
        int threshold = _congestion.SlowStartThreshold;
        int pipe = Pipe();
        flight.ReductionDelivered += outcome.Delivered;
        long send;
        if (pipe > threshold)
        {
            long share = (flight.ReductionDelivered * threshold + flight.ReductionFrom - 1) / flight.ReductionFrom;
            if (Profile.RateReduction is RateReduction.ProportionalInSegments) share = (share + mss - 1) / mss * mss;
            send = share - flight.ReductionOut;
        }
        else
        {
            send = Math.Max(flight.ReductionDelivered - flight.ReductionOut, outcome.Delivered);
            if (outcome.Advances && outcome.Lost == 0) send += mss; // SafeACK
            send = Math.Min(threshold - pipe, send);
        }
        if (flight.ReductionOut == 0) send = Math.Max(send, mss); // the fast retransmit
        _congestion.Window = (int)Math.Clamp(pipe + Math.Max(send, 0), mss, 1 << 30);
    }
}
