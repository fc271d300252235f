namespace Synfin.Tcp;

/// <summary>What the sender is recovering from.</summary>
internal enum RecoveryPhase : byte
{
    /// <summary>Nothing was lost.</summary>
    Open,

    /// <summary>Fast recovery (RFC 6582, RFC 6675, RFC 8985).</summary>
    FastRecovery,

    /// <summary>After an RTO: what was outstanding is taken for lost (RFC 5681 3.1).</summary>
    Loss,
}
