namespace Synfin.Proof;

/// <summary>128 bits that stand for a state: two different ones that meet would be a miracle, and hide a state.</summary>
internal struct Fingerprint
{
    private ulong _first = 0x9E37_79B9_7F4A_7C15;
    private ulong _second = 0xC2B2_AE3D_27D4_EB4F;

    /// <summary>Of nothing yet.</summary>
    public Fingerprint()
    {
    }

    /// <summary>The bits.</summary>
    public readonly UInt128 Value => new(Mix(_first ^ _second << 1), Mix(_second));

    /// <summary>Takes a value in; the order counts.</summary>
    public void Add(long value)
    {
        _first = Mix(_first ^ (ulong)value);
        _second = (_second + (ulong)value) * 0xFF51_AFD7_ED55_8CCD;
        _second ^= _second >> 29;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ x >> 30) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ x >> 27) * 0x94D0_49BB_1331_11EB;
        return x ^ x >> 31;
    }
}
