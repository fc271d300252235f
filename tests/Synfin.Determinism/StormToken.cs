using Synfin.Simulation;

namespace Synfin.Determinism;

/// <summary>The cancellation of one call: after a random time now and then, and at the end of an application's patience.</summary>
internal sealed class StormToken : IDisposable
{
    private readonly CancellationTokenSource? _soon;
    private readonly CancellationTokenSource? _both;
    private readonly CancellationToken _patience;

    public StormToken(AppStorm storm, DeterministicRandom random, double chance, CancellationToken patience)
    {
        _patience = patience;
        if (!random.Chance(chance)) return;
        _soon = storm.CancelSoon(random);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_soon.Token, patience);
    }

    public CancellationToken Token => _both?.Token ?? _patience;

    /// <summary>Whether the call was to be cancelled, and patience is not at its end.</summary>
    public bool WasCut => _soon is { IsCancellationRequested: true } && !_patience.IsCancellationRequested;

    public void Dispose()
    {
        _both?.Dispose();
        _soon?.Dispose();
    }
}
