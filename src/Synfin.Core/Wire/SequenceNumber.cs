namespace Synfin.Wire;

/// <summary>
/// A TCP sequence number: 32 bits, arithmetic modulo 2^32 (RFC 9293 3.4). The order is only meaningful between numbers less than 2^31
/// apart, so it is no total order and the type is deliberately not comparable by interface.
/// </summary>
/// <param name="value">The number as it stands on the wire.</param>
public readonly struct SequenceNumber(uint value) : IEquatable<SequenceNumber>
{
    /// <summary>The number as it stands on the wire.</summary>
    public uint Value { get; } = value;

    /// <summary>The one that comes later in the sequence space.</summary>
    public static SequenceNumber Max(SequenceNumber a, SequenceNumber b) => a >= b ? a : b;

    /// <summary>The one that comes earlier in the sequence space.</summary>
    public static SequenceNumber Min(SequenceNumber a, SequenceNumber b) => a <= b ? a : b;

    /// <summary>Whether this number lies in [<paramref name="start"/>, <paramref name="end"/>).</summary>
    public bool IsIn(SequenceNumber start, SequenceNumber end) => unchecked(Value - start.Value < end.Value - start.Value);

    /// <summary>Advances by <paramref name="count"/> octets, modulo 2^32.</summary>
    public static SequenceNumber operator +(SequenceNumber s, int count) => new(unchecked(s.Value + (uint)count));

    /// <summary>Advances by <paramref name="count"/> octets, modulo 2^32.</summary>
    public static SequenceNumber operator +(SequenceNumber s, uint count) => new(unchecked(s.Value + count));

    /// <summary>Goes back by <paramref name="count"/> octets, modulo 2^32.</summary>
    public static SequenceNumber operator -(SequenceNumber s, int count) => new(unchecked(s.Value - (uint)count));

    /// <summary>The signed distance from <paramref name="b"/> to <paramref name="a"/>, in octets.</summary>
    public static int operator -(SequenceNumber a, SequenceNumber b) => unchecked((int)(a.Value - b.Value));

    /// <summary>Before.</summary>
    public static bool operator <(SequenceNumber a, SequenceNumber b) => unchecked((int)(a.Value - b.Value)) < 0;

    /// <summary>After.</summary>
    public static bool operator >(SequenceNumber a, SequenceNumber b) => unchecked((int)(a.Value - b.Value)) > 0;

    /// <summary>Not after.</summary>
    public static bool operator <=(SequenceNumber a, SequenceNumber b) => unchecked((int)(a.Value - b.Value)) <= 0;

    /// <summary>Not before.</summary>
    public static bool operator >=(SequenceNumber a, SequenceNumber b) => unchecked((int)(a.Value - b.Value)) >= 0;

    /// <summary>Same number.</summary>
    public static bool operator ==(SequenceNumber a, SequenceNumber b) => a.Value == b.Value;

    /// <summary>Another number.</summary>
    public static bool operator !=(SequenceNumber a, SequenceNumber b) => a.Value != b.Value;

    /// <inheritdoc/>
    public bool Equals(SequenceNumber other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SequenceNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
