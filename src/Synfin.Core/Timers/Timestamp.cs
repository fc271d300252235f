namespace Synfin.Timers;

/// <summary>A point in time, in nanoseconds since an epoch that the owner of the clock chose. Time is always an argument in Core.</summary>
/// <param name="Nanoseconds">Nanoseconds since the epoch.</param>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    /// <summary>The epoch.</summary>
    public static Timestamp Zero => default;

    /// <summary>Later than every point in time: a deadline that is not set.</summary>
    public static Timestamp Never => new(long.MaxValue);

    /// <summary>False for <see cref="Never"/>.</summary>
    public bool IsSet => Nanoseconds != long.MaxValue;

    /// <summary>Whole milliseconds since the epoch.</summary>
    public long Milliseconds => Nanoseconds / 1_000_000;

    /// <summary>Seconds since the epoch, for people.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>The earlier of two.</summary>
    public static Timestamp Min(Timestamp a, Timestamp b) => a.Nanoseconds <= b.Nanoseconds ? a : b;

    /// <summary>The later of two.</summary>
    public static Timestamp Max(Timestamp a, Timestamp b) => a.Nanoseconds >= b.Nanoseconds ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>A later point; saturates at <see cref="Never"/>.</summary>
    public static Timestamp operator +(Timestamp t, Duration d)
    {
        long sum = unchecked(t.Nanoseconds + d.Nanoseconds);
        return d.Nanoseconds > 0 && sum < t.Nanoseconds ? Never : new(sum);
    }

    /// <summary>An earlier point.</summary>
    public static Timestamp operator -(Timestamp t, Duration d) => new(t.Nanoseconds - d.Nanoseconds);

    /// <summary>The time from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static Duration operator -(Timestamp a, Timestamp b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Timestamp a, Timestamp b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(Timestamp a, Timestamp b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Not later than.</summary>
    public static bool operator <=(Timestamp a, Timestamp b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(Timestamp a, Timestamp b) => a.Nanoseconds >= b.Nanoseconds;

    /// <inheritdoc/>
    public override string ToString() => IsSet ? $"{Seconds:0.000000} s" : "never";
}
