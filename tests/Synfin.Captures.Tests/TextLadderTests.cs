using Synfin.Captures.Ladders;

namespace Synfin.Captures.Tests;

/// <summary>The printed ladders beside figures written by hand in the notation of RFC 9293.</summary>
public class TextLadderTests
{
    [Fact]
    public void The_handshake_and_the_four_segment_close_look_like_figures_6_and_12() => Assert.Equal(
        """
                    a:32768                                                 b:80
         1.  0.000  CLOSED                                                  LISTEN
             0.000    OPEN
         2.  0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                    --> SYN-RECEIVED
         3.  0.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>         <-- SYN-RECEIVED
         4.  0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>             --> ESTABLISHED
             0.040    SEND 5
         5.  0.040  ESTABLISHED --> <SEQ=1><ACK=1><CTL=PSH,ACK><DATA=5> --> ESTABLISHED
             0.050                                                            RECEIVE 5
         6.  0.050  ESTABLISHED <-- <SEQ=1><ACK=6><CTL=ACK>             <-- ESTABLISHED
             1.000    CLOSE
         7.  1.000  FIN-WAIT-1  --> <SEQ=6><ACK=1><CTL=FIN,ACK>         --> CLOSE-WAIT
             1.010                                                 RECEIVE end of stream
         8.  1.010  FIN-WAIT-2  <-- <SEQ=1><ACK=7><CTL=ACK>             <-- CLOSE-WAIT
             1.050                                                            CLOSE
         9.  1.050  TIME-WAIT   <-- <SEQ=1><ACK=7><CTL=FIN,ACK>         <-- LAST-ACK
        10.  1.060  TIME-WAIT   --> <SEQ=7><ACK=2><CTL=ACK>             --> CLOSED
            61.060    [2MSL 60 s]
        11. 61.060  CLOSED                                                  CLOSED

        a closed first (active closer), b after it: orderly close, 9 segments, 1.07 s;
          a waited 60 s in TIME-WAIT

        """, Stories.OpenAndClose().Text(80));

    [Fact]
    public void At_200_columns_windows_options_and_both_clocks_are_there()
    {
        string[] lines = Stories.OpenAndClose().Text(200).Split('\n');
        Assert.Equal(
            " 2.  0.000  SYN-SENT    -----------> <SEQ=0><CTL=SYN><WND=64240><MSS=1460><WS=7><SACKOK>            "
            + "-----------> SYN-RECEIVED              0.010", lines[3]);
        Assert.Equal(
            " 3.  0.020  ESTABLISHED <----------- <SEQ=0><ACK=1><CTL=SYN,ACK><WND=64240><MSS=1460><WS=7><SACKOK> "
            + "<----------- SYN-RECEIVED              0.010", lines[4]);
        Assert.Equal(
            " 5.  0.040  ESTABLISHED -----------> <SEQ=1><ACK=1><CTL=PSH,ACK><DATA=5><WND=64256>                 "
            + "-----------> ESTABLISHED               0.050", lines[7]);
        Assert.Equal(new string(' ', 115) + "RECEIVE end of stream   1.010", lines[12]);
    }

    [Fact]
    public void Segments_that_cross_are_in_flight_as_in_figures_7_and_13() => Assert.Equal(
        """
                    a:32768                                          b:80
         1.  0.000  CLOSED                                           CLOSED
             0.000    OPEN
         2.  0.000  SYN-SENT     --> <SEQ=0><CTL=SYN>            ... CLOSED
             0.005                                                     OPEN
         3.  0.005  SYN-RECEIVED <-- <SEQ=0><CTL=SYN>            <-- SYN-SENT
         4.  0.016  SYN-RECEIVED --> <SEQ=0><ACK=1><CTL=SYN,ACK> ... SYN-SENT
         5.  0.018  SYN-RECEIVED ... <SEQ=0><CTL=SYN>            --> SYN-RECEIVED
         6.  0.018  ESTABLISHED  <-- <SEQ=0><ACK=1><CTL=SYN,ACK> <-- SYN-RECEIVED
         7.  0.030  ESTABLISHED  ... <SEQ=0><ACK=1><CTL=SYN,ACK> --> ESTABLISHED
             0.100    CLOSE
         8.  0.100  FIN-WAIT-1   --> <SEQ=1><ACK=1><CTL=FIN,ACK> ... ESTABLISHED
             0.100                                                     CLOSE
         9.  0.100  CLOSING      <-- <SEQ=1><ACK=1><CTL=FIN,ACK> <-- FIN-WAIT-1
        10.  0.110  CLOSING      --> <SEQ=2><ACK=2><CTL=ACK>     ... FIN-WAIT-1
        11.  0.110  CLOSING      ... <SEQ=1><ACK=1><CTL=FIN,ACK> --> CLOSING
        12.  0.110  TIME-WAIT    <-- <SEQ=2><ACK=2><CTL=ACK>     <-- CLOSING
        13.  0.120  TIME-WAIT    ... <SEQ=2><ACK=2><CTL=ACK>     --> TIME-WAIT
                                     ... 60 s ...
        14. 60.120  CLOSED                                           CLOSED

        both closed at once: orderly close, 8 segments, 120 ms; a waited 60 s in
          TIME-WAIT; b waited 60 s in TIME-WAIT

        """, Stories.SimultaneousOpenAndClose().Text(80));

    [Fact]
    public void At_200_columns_each_margin_is_its_own_host_s_clock() => Assert.Equal(
        """
                    a:32768                                                                       b:80
         1.  0.000  CLOSED                                                                        CLOSED
             0.000    OPEN
         2.  0.000  SYN-SENT     -----------> <SEQ=0><CTL=SYN><WND=64240>            ...          CLOSED
                                                                                                    OPEN         0.005
         3.  0.015  SYN-RECEIVED <----------- <SEQ=0><CTL=SYN><WND=64240>            <----------- SYN-SENT       0.005
         4.  0.016  SYN-RECEIVED -----------> <SEQ=0><ACK=1><CTL=SYN,ACK><WND=64240> ...          SYN-SENT
         5.         SYN-RECEIVED          ... <SEQ=0><CTL=SYN><WND=64240>            -----------> SYN-RECEIVED   0.018
         6.  0.028  ESTABLISHED  <----------- <SEQ=0><ACK=1><CTL=SYN,ACK><WND=64240> <----------- SYN-RECEIVED   0.018
         7.         ESTABLISHED           ... <SEQ=0><ACK=1><CTL=SYN,ACK><WND=64240> -----------> ESTABLISHED    0.030
             0.100    CLOSE
         8.  0.100  FIN-WAIT-1   -----------> <SEQ=1><ACK=1><CTL=FIN,ACK><WND=64240> ...          ESTABLISHED
                                                                                                    CLOSE        0.100
         9.  0.110  CLOSING      <----------- <SEQ=1><ACK=1><CTL=FIN,ACK><WND=64240> <----------- FIN-WAIT-1     0.100
        10.  0.110  CLOSING      -----------> <SEQ=2><ACK=2><CTL=ACK><WND=64240>     ...          FIN-WAIT-1
        11.         CLOSING               ... <SEQ=1><ACK=1><CTL=FIN,ACK><WND=64240> -----------> CLOSING        0.110
        12.  0.120  TIME-WAIT    <----------- <SEQ=2><ACK=2><CTL=ACK><WND=64240>     <----------- CLOSING        0.110
        13.         TIME-WAIT             ... <SEQ=2><ACK=2><CTL=ACK><WND=64240>     -----------> TIME-WAIT      0.120
                                              ... 60 s ...
        14. 60.120  CLOSED                                                                        CLOSED

        both closed at once: orderly close, 8 segments, 120 ms; a waited 60 s in TIME-WAIT; b waited 60 s in TIME-WAIT

        """, Stories.SimultaneousOpenAndClose().Text(200));

    [Fact]
    public void A_lost_SYN_ends_in_an_x_and_the_next_names_it() => Assert.Equal(
        """
                   a:32768                                         b:80
         1. 0.000  CLOSED                                          LISTEN
            0.000    OPEN
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>            --x lost
            1.000    [RTO 1.0 s]
         3. 1.000  SYN-SENT    --> <SEQ=0><CTL=SYN> (again: 2) --> SYN-RECEIVED
         4. 1.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK> <-- SYN-RECEIVED
         5. 1.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>     --> ESTABLISHED

        still open: a ESTABLISHED, b ESTABLISHED, 4 segments, 1.03 s, 1 lost, 1 sent
          again

        """, Stories.LostSyn().Text(80));

    [Fact]
    public void A_refusal_is_three_lines() => Assert.Equal(
        """
                   a:32768                                      b:80
         1. 0.000  CLOSED                                       CLOSED
            0.000    OPEN
         2. 0.000  SYN-SENT --> <SEQ=0><CTL=SYN><WND=64240> --> CLOSED
         3. 0.010  CLOSED   <-- <SEQ=0><ACK=1><CTL=RST,ACK> <-- CLOSED

        refused by b: RST in answer to SYN, 2 segments, 20 ms

        """, Stories.Refused().Text(80));

    [Fact]
    public void A_closed_window_its_probes_and_its_opening_are_named() => Assert.Equal(
        """
                   a:32768                                                  b:80
         1. 0.000  CLOSED                                                   LISTEN
            0.000    OPEN
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                     --> SYN-RECEIVED
         3. 0.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>          <-- SYN-RECEIVED
         4. 0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>              --> ESTABLISHED
         5. 0.040  ESTABLISHED --> <SEQ=1><ACK=1><CTL=PSH,ACK>          --> ESTABLISHED
                                   <DATA=1000>
         6. 0.050  ESTABLISHED <-- <SEQ=1><ACK=1001><CTL=ACK><WND=0>    <-- ESTABLISHED
            0.300    [persist 240 ms]
         7. 0.300  ESTABLISHED --> <SEQ=1001><ACK=1><CTL=ACK><DATA=1>   --> ESTABLISHED
                                   (zero-window probe)
         8. 0.310  ESTABLISHED <-- <SEQ=1><ACK=1001><CTL=ACK><WND=0>    <-- ESTABLISHED
            0.780    [persist 480 ms]
         9. 0.780  ESTABLISHED --> <SEQ=1001><ACK=1><CTL=ACK><DATA=1>   --> ESTABLISHED
                                   (again: 7) (zero-window probe)
            0.790                                                           RECEIVE 1000
        10. 0.790  ESTABLISHED <-- <SEQ=1><ACK=1002><CTL=ACK>           <-- ESTABLISHED
                                   <WND=64256> (window update)

        still open: a ESTABLISHED, b ESTABLISHED, 9 segments, 800 ms, 1 sent again

        """, Stories.ZeroWindow().Text(80));

    [Fact]
    public void A_long_transfer_is_one_row() => Assert.Equal(
        """
                   a:32768                                             b:80
         1. 0.000  CLOSED                                              LISTEN
            0.000    OPEN
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                --> SYN-RECEIVED
         3. 0.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>     <-- SYN-RECEIVED
         4. 0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>         --> ESTABLISHED
         5. 0.040  ESTABLISHED ==> 63 segments, 61 kB              ==> ESTABLISHED
            0.670                                                        CLOSE
         6. 0.670  CLOSE-WAIT  <-- <SEQ=1><ACK=61321><CTL=FIN,ACK> <-- FIN-WAIT-1

        half closed: b closed, a has not: a CLOSE-WAIT, b FIN-WAIT-1, 67 segments,
          680 ms

        """, Stories.LongTransfer().Text(80));

    [Fact]
    public void A_half_open_connection_is_found_out_by_RST() => Assert.Equal(
        """
                   a:32768                                                 b:80
         1. 0.000  CLOSED                                                  LISTEN
            0.000    OPEN
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                    --> SYN-RECEIVED
         3. 0.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>         <-- SYN-RECEIVED
         4. 0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>             --> ESTABLISHED
                                   ... 4.97 s ...
            5.000                                                            b crashes
         5. 5.000  ESTABLISHED                                             CLOSED
                                   ... 3.0 s ...
            8.000    SEND 5
         6. 8.000  ESTABLISHED --> <SEQ=1><ACK=1><CTL=PSH,ACK><DATA=5> --> CLOSED
         7. 8.010  CLOSED      <-- <SEQ=1><CTL=RST>                    <-- CLOSED
            8.020    RECEIVE: connection reset

        reset by b after 4 segments with 5 octets unacknowledged, 8.01 s

        """, Stories.HalfOpen().Text(80));

    [Fact]
    public void Urgent_text_long_reasons_and_an_abort_are_told() => Assert.Equal(
        """
                   a:32768                                                  b:80
         1. 0.000  CLOSED                                                   LISTEN
            0.000    OPEN
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                     --> SYN-RECEIVED
         3. 0.010  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>          <-- SYN-RECEIVED
         4. 0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>              --> ESTABLISHED
            0.040    SEND urgent 3
         5. 0.040  ESTABLISHED --> <SEQ=1><ACK=1><CTL=PSH,URG,ACK>      --> ESTABLISHED
                                   <DATA=3><UP=3>
            0.090                                                    [delayed ACK 40 ms]
         6. 0.090  ESTABLISHED <-- <SEQ=1><ACK=4><CTL=ACK>              <-- ESTABLISHED
            0.120    SEND 5
         7. 0.120  ESTABLISHED --> <SEQ=4><ACK=1><CTL=PSH,ACK><DATA=5>  --x lost
                                   (link a-b is cut since 0.1 s)
            0.150    ABORT
         8. 0.150  CLOSED      --> <SEQ=9><ACK=1><CTL=RST,ACK>          --> CLOSED

        a aborted after 6 segments with 5 octets unacknowledged, 150 ms, 1 lost

        """, Stories.UrgentThenAbort().Text(80));

    [Fact]
    public void A_far_end_that_cannot_be_asked_is_inferred_in_parentheses() => Assert.Equal(
        """
                   a:32768                                                b:80
         1. 0.000  CLOSED                                                 ?
         2. 0.000  SYN-SENT    --> <SEQ=0><CTL=SYN>                   --> ?
         3. 0.020  ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK>        <-- (SYN-RECEIVED)
         4. 0.020  ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK>            --> (SYN-RECEIVED)
         5. 0.021  ESTABLISHED --> <SEQ=1><ACK=1><CTL=PSH,ACK>        --> (SYN-RECEIVED)
                                   <DATA=5>
         6. 0.041  ESTABLISHED <-- <SEQ=1><ACK=6><CTL=PSH,ACK>        <-- (ESTABLISHED)
                                   <DATA=7>
         7. 0.042  CLOSE-WAIT  <-- <SEQ=8><ACK=6><CTL=FIN,ACK>        <-- (FIN-WAIT-1)
         8. 0.042  CLOSE-WAIT  --> <SEQ=6><ACK=9><CTL=ACK>            --> (FIN-WAIT-1)
         9. 0.050  LAST-ACK    --> <SEQ=6><ACK=9><CTL=FIN,ACK>        --> (FIN-WAIT-1)
        10. 0.070  CLOSED      <-- <SEQ=9><ACK=7><CTL=ACK>            <-- (TIME-WAIT)

        b closed first (active closer), a after it: orderly close, 9 segments, 70 ms

        """, Stories.OneEnd().Text(80));

    [Fact]
    public void Several_connections_carry_their_numbers() => Assert.Equal(
        """
                      a                                            b
                      connection 1: a:32768 - b:80
         1. #1 0.000  CLOSED                                       CLOSED
            #1 0.000    OPEN
         2. #1 0.000  SYN-SENT --> <SEQ=0><CTL=SYN><WND=64240> --> CLOSED
         3. #1 0.010  CLOSED   <-- <SEQ=0><ACK=1><CTL=RST,ACK> <-- CLOSED
                      connection 2: a:32769 - b:80
         4. #2 0.100  CLOSED                                       CLOSED
            #2 0.100    OPEN
         5. #2 0.100  SYN-SENT --> <SEQ=0><CTL=SYN><WND=64240> --> CLOSED
         6. #2 0.110  CLOSED   <-- <SEQ=0><ACK=1><CTL=RST,ACK> <-- CLOSED

        connection 1: refused by b: RST in answer to SYN, 2 segments, 20 ms
        connection 2: refused by b: RST in answer to SYN, 2 segments, 20 ms

        """, Stories.TwoConnections().Text(80));

    [Fact]
    public void One_of_several_connections_can_be_chosen_and_the_sides_turned() => Assert.Equal(
        """
                   b:80                                         a:32769
         1. 0.000  CLOSED                                       CLOSED
            0.000                                                 OPEN
         2. 0.000  CLOSED <-- <SEQ=700><CTL=SYN><WND=64240> <-- SYN-SENT
         3. 0.010  CLOSED --> <SEQ=0><ACK=701><CTL=RST,ACK> --> CLOSED

        refused by b: RST in answer to SYN, 2 segments, 20 ms

        """, Stories.TwoConnections().Text(80, new LadderOptions { Left = "b", Right = "a", Connection = 2, Absolute = true }));
}
