#include "board.h"
#include "link_message.h"
#include "service.h"
#include "stack.h"
#include "stream.h"

static int there_is_work(void) {
    return stream_has_work() || board_uart_waiting();
}

int main(void) {
    stack_paint();
    board_init();
    service_init();
    for (;;) {
        service_poll();
        stream_poll();
        board_sleep_unless(there_is_work);
    }
}

void program_faulted(void) {
    service_send_error(LINK_FAULT, 0, "the program crashed");
}
