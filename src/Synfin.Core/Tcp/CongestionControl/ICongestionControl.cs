using Synfin.Timers;

namespace Synfin.Tcp.CongestionControl;

/// <summary>How much may be in flight. The connection says what happened; the algorithm owns cwnd and ssthresh, in octets.</summary>
public interface ICongestionControl
{
    /// <summary>Its name, as <c>TCP_CONGESTION</c> would give it.</summary>
    string Name { get; }

    /// <summary>cwnd in octets. During fast recovery and after an RTO the connection sets it (RFC 9937).</summary>
    int Window { get; set; }

    /// <summary>ssthresh in octets; <see cref="int.MaxValue"/> before the first loss.</summary>
    int SlowStartThreshold { get; }

    /// <summary>The connection is established: IW (RFC 5681 3.1, RFC 6928).</summary>
    void Start(int initialWindow, int mss);

    /// <summary>Something was delivered outside of fast recovery.</summary>
    void Acknowledged(in AckSample sample);

    /// <summary>Fast recovery starts with <paramref name="flightSize"/> octets outstanding: ssthresh, and cwnd = ssthresh.</summary>
    void EnterRecovery(int flightSize, int mss);

    /// <summary>Fast recovery ended with <paramref name="flightSize"/> octets outstanding, without proportional rate reduction.</summary>
    void LeaveRecovery(int flightSize, int mss);

    /// <summary>The retransmission timer expired; <paramref name="first"/> is false for the same data again.</summary>
    void TimedOut(int flightSize, int mss, bool first);

    /// <summary>The last reduction was needless (RFC 4015 3.2): back to what was before it.</summary>
    /// <param name="window">cwnd.</param>
    /// <param name="threshold">ssthresh.</param>
    void Undo(int window, int threshold);

    /// <summary>Nothing was sent for an RTO (RFC 5681 4.1).</summary>
    void RestartAfterIdle(int restartWindow);

    /// <summary>Sending begins again when nothing was in flight for a time (RFC 9438 5.8).</summary>
    void Resume(Timestamp now, Duration idle);
}
