using System.Collections.Generic;

namespace Synfin.Drill.Language;

/// <summary>A TCP option as a script writes it.</summary>
internal abstract record ScriptOption
{
    public sealed record NoOperation : ScriptOption;

    public sealed record EndOfList : ScriptOption;

    public sealed record MaximumSegmentSize(int Value) : ScriptOption;

    public sealed record WindowScale(int Shift) : ScriptOption;

    public sealed record SackPermitted : ScriptOption;

    /// <summary>Blocks in script space: of what the other side sent.</summary>
    public sealed record Sack(IReadOnlyList<(long Left, long Right)> Blocks) : ScriptOption;

    /// <summary>TS val and ecr in script space.</summary>
    public sealed record Timestamps(uint Value, uint Echo) : ScriptOption
    {
        /// <summary><c>val *</c>: not compared.</summary>
        public bool AnyValue { get; init; }

        /// <summary><c>ecr *</c>: not compared.</summary>
        public bool AnyEcho { get; init; }
    }

    /// <summary><c>FO</c>, or <c>FOEXP</c> if <paramref name="Experimental"/>.</summary>
    public sealed record FastOpen(byte[] Cookie, bool Experimental) : ScriptOption;

    /// <summary>Any other: its kind and its content, without kind and length; <c>md5</c> is kind 19.</summary>
    public sealed record Unknown(int Kind, byte[] Content) : ScriptOption;
}
