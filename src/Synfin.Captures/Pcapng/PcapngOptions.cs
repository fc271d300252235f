namespace Synfin.Captures.Pcapng;

/// <summary>How a pcapng file is written.</summary>
public sealed record PcapngOptions
{
    /// <summary>The most octets kept of a packet; longer ones are cut and their true length noted. 262,144 unless set.</summary>
    public int SnapLength { get; init; } = 262_144;

    /// <summary>The point in time that the packets' timestamps count from.</summary>
    public DateTimeOffset Epoch { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The program's name in the section header.</summary>
    public string Application { get; init; } = "Synfin";

    /// <summary>A comment on the whole file, or null: the seed and the faults of a simulation, for example.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether the stream stays open when the writer is disposed.</summary>
    public bool LeaveOpen { get; init; }
}
