namespace Synfin.Oracle.Tests.Ends;

/// <summary>What a call returned, in the words of both hosts' manuals: a count, EOF, or the name of an error.</summary>
internal static class Words
{
    private static readonly Dictionary<int, string> _names = new()
    {
        [11] = "EAGAIN",
        [32] = "EPIPE",
        [104] = "ECONNRESET",
        [107] = "ENOTCONN",
        [110] = "ETIMEDOUT",
        [111] = "ECONNREFUSED",
        [115] = "EINPROGRESS",
    };

    public static string Of(int errno) => _names.TryGetValue(errno, out string? name) ? name : $"error {errno}";

    public static string Count(int octets, bool sends) => octets > 0 || sends ? $"{octets} octets" : "EOF";

    public static string Of(TcpError error, int octets, bool sends) => error switch
    {
        TcpError.None => Count(octets, sends),
        TcpError.WouldBlock => "EAGAIN",
        TcpError.ConnectionReset => "ECONNRESET",
        TcpError.ConnectionRefused => "ECONNREFUSED",
        TcpError.TimedOut => "ETIMEDOUT",
        TcpError.ConnectionClosing => sends ? "EPIPE" : "ENOTCONN",
        TcpError.ConnectionDoesNotExist => sends ? "EPIPE" : "ENOTCONN",
        _ => error.ToString(),
    };

    /// <summary>A fingerprint of what was read.</summary>
    public static string Text(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return "";
        uint sum = 0;
        foreach (byte octet in text) sum = sum * 31 + octet;
        return FormattableString.Invariant($" {sum:x8}");
    }
}
