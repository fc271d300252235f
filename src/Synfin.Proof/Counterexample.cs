using Synfin.Captures.Ladders;

namespace Synfin.Proof;

/// <summary>A run, drawn as a ladder.</summary>
internal static class Counterexample
{
    /// <summary>Does the moves of a run in a new world.</summary>
    /// <param name="scope">The world's scope.</param>
    /// <param name="run">The moves, without those of the prelude.</param>
    /// <param name="width">Columns of the ladder.</param>
    /// <returns>The ladder, and the property that then does not hold, if there is one.</returns>
    /// <exception cref="FormatException">A move is not possible where it stands.</exception>
    public static (string Ladder, Breach? Breach) Draw(Scope scope, IReadOnlyList<Move> run, int width)
    {
        var recorder = new LadderRecorder();
        var world = new World(scope, recorder);
        var possible = new List<Move>();
        for (int i = 0; i < run.Count && world.Breach is null; i++)
        {
            world.CollectMoves(possible);
            if (!possible.Contains(run[i]))
            {
                throw new FormatException(
                    $"move {i + 1}, '{run[i]}', is not possible there in {scope.Name}; possible are {string.Join(' ', possible)}");
            }
            world.Apply(run[i]);
        }
        world.CollectMoves(possible);
        if (world.Breach is null && possible.Count == 0) world.CheckFinal();
        return (TextLadderRenderer.Render(recorder.Build(), Math.Max(width, TextLadderOptions.MinWidth)), world.Breach);
    }
}
