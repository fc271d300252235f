namespace Synfin.Linux;

/// <summary>What ended a wait.</summary>
[Flags]
public enum Readiness
{
    /// <summary>The deadline.</summary>
    None = 0,

    /// <summary>The device has packets (or is gone, which the next read reports).</summary>
    Readable = 1,

    /// <summary>The device takes packets again.</summary>
    Writable = 2,

    /// <summary>Another thread called <see cref="EpollWait.Wake"/>.</summary>
    Woken = 4,
}
