namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>What a copy costs: the floor under everything that moves bytes.</summary>
internal sealed class Copy64KYardstick : IBenchmark
{
    private const int Size = 64 * 1024;
    private const int CopiesABatch = 256;

    private readonly byte[] _source = new byte[Size];
    private readonly byte[] _destination = new byte[Size];

    /// <inheritdoc/>
    public string Name => "yardstick.copy64k";

    /// <inheritdoc/>
    public string Unit => "GB/s";

    /// <inheritdoc/>
    public string What => "copy 64 KiB between two buffers that stay in the cache";

    /// <inheritdoc/>
    public double Run(TimeSpan budget) => Rate.PerSecond(budget, CopyABatch) / 1e9;

    private long CopyABatch()
    {
        for (int i = 0; i < CopiesABatch; i++) _source.AsSpan().CopyTo(_destination);
        return (long)CopiesABatch * Size;
    }
}
