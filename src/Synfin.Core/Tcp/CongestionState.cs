namespace Synfin.Tcp;

/// <summary>The sender's state as Linux numbers it: TCP_CA_*, <c>tcpi_ca_state</c>.</summary>
public enum CongestionState : byte
{
    /// <summary>Nothing looks wrong.</summary>
    Open = 0,

    /// <summary>Duplicate ACKs or SACK blocks came, and nothing is taken for lost yet.</summary>
    Disorder = 1,

    /// <summary>The window is being reduced though nothing was lost.</summary>
    Cwr = 2,

    /// <summary>Fast recovery.</summary>
    Recovery = 3,

    /// <summary>The retransmission timer expired.</summary>
    Loss = 4,
}
