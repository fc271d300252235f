namespace Synfin.Drill.Sockets;

/// <summary>What a call returned.</summary>
/// <param name="Value">The return value; -1 with an errno.</param>
/// <param name="Errno">The errno's name, such as <c>EPIPE</c>; null if there is none.</param>
/// <param name="IsPending">It blocks: ask again later with the same <see cref="SocketCall"/>. The other fields mean nothing then.</param>
internal readonly record struct SocketResult(long Value, string? Errno = null, bool IsPending = false)
{
    public static SocketResult Pending => new(0, null, true);

    public static SocketResult Error(string errno) => new(-1, errno);
}
