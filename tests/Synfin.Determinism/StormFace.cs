namespace Synfin.Determinism;

/// <summary>As what an application sees a connection.</summary>
internal enum StormFace
{
    Connection,
    Stream,
    Pipe,
}
