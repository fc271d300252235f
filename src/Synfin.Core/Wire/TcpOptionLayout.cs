namespace Synfin.Wire;

/// <summary>In which order options are written, and how they are padded. All is allowed (RFC 9293 3.1); peers and tests see it.</summary>
public enum TcpOptionLayout : byte
{
    /// <summary>As Linux: see <see cref="TcpOptionWriter"/>.</summary>
    Linux,

    /// <summary>As FreeBSD: MSS, window scale, SACK permitted, timestamps, SACK blocks, aligned by NOPs; EOL at the end.</summary>
    FreeBsd,
}
