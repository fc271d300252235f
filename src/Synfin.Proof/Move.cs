using System.Diagnostics;
using System.Globalization;

namespace Synfin.Proof;

/// <summary>One choice among all that can happen next, and its short name: a run is a list of them.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="End">At which end, 0 for a and 1 for b; 0 for what happens to a segment.</param>
/// <param name="Index">Which segment under way, which alternative of the program, which forgery.</param>
internal readonly record struct Move(MoveKind Kind, int End, int Index)
{
    private const int IndexBits = 8;

    /// <summary>The move in 16 bits.</summary>
    public ushort Packed => (ushort)((int)Kind << (IndexBits + 1) | End << IndexBits | Index);

    /// <summary>The move of <see cref="Packed"/>.</summary>
    public static Move Unpack(ushort packed) =>
        new((MoveKind)(packed >> (IndexBits + 1)), packed >> IndexBits & 1, packed & ((1 << IndexBits) - 1));

    /// <summary>Reads a run: moves with blanks between them.</summary>
    /// <exception cref="FormatException">A word is no move; the message says which words are.</exception>
    public static IReadOnlyList<Move> ParseRun(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        MoveKind.Deliver => string.Create(CultureInfo.InvariantCulture, $"d{Index}"),
        MoveKind.Duplicate => string.Create(CultureInfo.InvariantCulture, $"k{Index}"),
        MoveKind.Lose => string.Create(CultureInfo.InvariantCulture, $"l{Index}"),
        MoveKind.Call => string.Create(CultureInfo.InvariantCulture, $"{EndName}{Index}"),
        MoveKind.Fire => $"t{EndName}",
        MoveKind.Forge => string.Create(CultureInfo.InvariantCulture, $"f{EndName}{Index}"),
        _ => throw new UnreachableException(),
    };

    private char EndName => End == 0 ? 'a' : 'b';

    private static Move Parse(string word)
    {
        if (word is "ta" or "tb") return new(MoveKind.Fire, word[1] - 'a', 0);
        bool forged = word.Length > 2 && word[0] == 'f' && word[1] is 'a' or 'b';
        string digits = forged ? word[2..] : word[1..];
        if (byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out byte index))
        {
            if (forged) return new(MoveKind.Forge, word[1] - 'a', index);
            switch (word[0])
            {
                case 'd':
                    return new(MoveKind.Deliver, 0, index);
                case 'k':
                    return new(MoveKind.Duplicate, 0, index);
                case 'l':
                    return new(MoveKind.Lose, 0, index);
                case 'a' or 'b':
                    return new(MoveKind.Call, word[0] - 'a', index);
                default:
                    break;
            }
        }
        throw new FormatException(
            $"'{word}' is no move: dN delivers segment N, kN delivers it and keeps a copy, lN loses it, aN and bN are an application's "
                + "call, ta and tb its end's deadline, faN and fbN a forged segment");
    }
}
